import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { epsilon } from "../losses/loss.ts";
import { newStatefulMetric, type StatefulMetric } from "./statefulMetric.ts";

/** Options of the counts, of {@link precision} and of {@link recall}. */
export interface ConfusionOptions {
  /** The score beyond which an answer is yes, from 0 to 1. Default 0.5. */
  threshold?: number;
}

/** Options of {@link precision} and {@link recall}. */
export interface PrecisionOptions extends ConfusionOptions {
  /** Only the so many largest scores of a sample are yes. Default: those beyond the threshold. */
  topK?: number;
  /** The one class that counts. Default: all. */
  classId?: number;
}

/** Options of {@link auc}. */
export interface AucOptions {
  /** How many thresholds the curve has. Default 200. */
  numThresholds?: number;
  /** `"ROC"` (default), or `"PR"`: precision over recall. */
  curve?: "ROC" | "PR";
  /** How the area is summed: between the points (default), or by the lower or the higher ends. */
  summationMethod?: "interpolation" | "minoring" | "majoring";
  /** Whether predictions come before their sigmoid. Default false. */
  fromLogits?: boolean;
}

/** Options of {@link sensitivityAtSpecificity} and its like. */
export interface AtOptions {
  /** How many thresholds are tried. Default 200. */
  numThresholds?: number;
}

const ratio = (part: tf.Tensor, rest: tf.Tensor) => tf.divNoNan(part, tf.add(part, rest));

/** True and false positives, false and true negatives for each threshold: shape `[4, thresholds]`. */
function confusion(yTrue: tf.Tensor, yPred: tf.Tensor, thresholds: readonly number[]): tf.Tensor {
  const truth = yTrue.reshape([1, -1]);
  const yes = tf
    .greater(yPred.reshape([1, -1]), tf.tensor2d([...thresholds], [thresholds.length, 1]))
    .toFloat();
  const sum = (values: tf.Tensor) => tf.sum(values, 1);
  const truePositives = sum(tf.mul(yes, truth));
  const falsePositives = tf.sub(sum(yes), truePositives);
  const positives = tf.sum(truth);
  const falseNegatives = tf.sub(positives, truePositives);
  const trueNegatives = tf.sub(tf.sub(truth.size, positives), falsePositives);
  return tf.stack([truePositives, falsePositives, falseNegatives, trueNegatives]);
}

/** The four of them. */
const unstackCounts = (counts: tf.Tensor) =>
  tf.unstack(counts) as [right: tf.Tensor, wrong: tf.Tensor, missed: tf.Tensor, refused: tf.Tensor];

/** The scores of all but the largest `k` far below any threshold. */
function keepTopK(yPred: tf.Tensor, k: number): tf.Tensor {
  const least = tf.min(tf.topk(yPred, k).values, -1, true);
  return tf.where(tf.greaterEqual(yPred, least), yPred, tf.fill(yPred.shape, -1e10));
}

function column(values: tf.Tensor, index: number): tf.Tensor {
  return tf.gather(values, [index], values.rank - 1);
}

function newConfusionMetric(
  className: string,
  name: string,
  { threshold, topK, classId }: PrecisionOptions,
  result: (counts: readonly tf.Tensor[]) => tf.Tensor,
): StatefulMetric {
  if (threshold !== undefined && !(threshold >= 0 && threshold <= 1)) {
    throw new InputError({ who: name, expected: "threshold from 0 to 1", found: String(threshold) });
  }
  // Among the largest scores each counts, whatever it is, unless a threshold was given too.
  const limit = threshold ?? (topK === undefined ? 0.5 : -1e9);
  const ranked = className === "Precision" || className === "Recall";
  const config = {
    thresholds: threshold ?? null,
    ...(ranked && { top_k: topK ?? null, class_id: classId ?? null }),
  };
  return newStatefulMetric({
    className,
    name,
    config,
    shape: () => [4, 1],
    count(yTrue, yPred) {
      const kept = topK === undefined ? yPred : keepTopK(yPred, topK);
      if (classId === undefined) return confusion(yTrue, kept, [limit]);
      return confusion(column(yTrue, classId), column(kept, classId), [limit]);
    },
    result: (counts) => result(tf.unstack(counts.reshape([4]))),
  });
}

/** How many of the answers yes are right. */
export function precision(options: PrecisionOptions = {}): StatefulMetric {
  return newConfusionMetric("Precision", "precision", options, ([right, wrong]) => ratio(right!, wrong!));
}

/** How many of the true ones are answered yes. */
export function recall(options: PrecisionOptions = {}): StatefulMetric {
  return newConfusionMetric("Recall", "recall", options, ([right, , missed]) => ratio(right!, missed!));
}

/** How many answers yes are right. */
export function truePositives(options: ConfusionOptions = {}): StatefulMetric {
  return newConfusionMetric("TruePositives", "true_positives", options, (counts) => counts[0]!);
}

/** How many answers yes are wrong. */
export function falsePositives(options: ConfusionOptions = {}): StatefulMetric {
  return newConfusionMetric("FalsePositives", "false_positives", options, (counts) => counts[1]!);
}

/** How many answers no are wrong. */
export function falseNegatives(options: ConfusionOptions = {}): StatefulMetric {
  return newConfusionMetric("FalseNegatives", "false_negatives", options, (counts) => counts[2]!);
}

/** How many answers no are right. */
export function trueNegatives(options: ConfusionOptions = {}): StatefulMetric {
  return newConfusionMetric("TrueNegatives", "true_negatives", options, (counts) => counts[3]!);
}

/** Thresholds from 0 to 1, a little beyond both ends. */
function evenThresholds(who: string, count: number, beyond: number): number[] {
  if (!(Number.isInteger(count) && count > 1)) {
    throw new InputError({ who, expected: "numThresholds above 1", found: String(count) });
  }
  const inner = Array.from({ length: count - 2 }, (_, index) => (index + 1) / (count - 1));
  return [-beyond, ...inner, 1 + beyond];
}

const before = (values: tf.Tensor) => tf.slice(values, 0, values.size - 1);
const after = (values: tf.Tensor) => tf.slice(values, 1, values.size - 1);

/** The area under precision over recall, between the points as Davis and Goadrich (2006) interpolate. */
function precisionRecallArea(right: tf.Tensor, wrong: tf.Tensor, missed: tf.Tensor): tf.Tensor {
  const yes = tf.add(right, wrong);
  const step = tf.sub(before(right), after(right));
  const slope = tf.divNoNan(step, tf.relu(tf.sub(before(yes), after(yes))));
  const intercept = tf.sub(after(right), tf.mul(slope, after(yes)));
  const both = tf.logicalAnd(tf.greater(before(yes), 0), tf.greater(after(yes), 0));
  const grown = tf.where(both, tf.divNoNan(before(yes), after(yes)), tf.onesLike(step));
  const area = tf.mul(slope, tf.add(step, tf.mul(intercept, tf.log(grown))));
  return tf.sum(tf.divNoNan(area, tf.add(after(right), after(missed))));
}

/** The area under a curve of answers by threshold. */
export function auc(options: AucOptions = {}): StatefulMetric {
  const {
    numThresholds = 200,
    curve = "ROC",
    summationMethod = "interpolation",
    fromLogits = false,
  } = options;
  const thresholds = evenThresholds("auc", numThresholds, epsilon);
  return newStatefulMetric({
    className: "AUC",
    name: "auc",
    config: {
      num_thresholds: numThresholds,
      curve,
      summation_method: summationMethod,
      from_logits: fromLogits,
    },
    shape: () => [4, numThresholds],
    count: (yTrue, yPred) => confusion(yTrue, fromLogits ? tf.sigmoid(yPred) : yPred, thresholds),
    result(counts) {
      const [right, wrong, missed, refused] = unstackCounts(counts);
      if (curve === "PR" && summationMethod === "interpolation")
        return precisionRecallArea(right, wrong, missed);
      const recalls = ratio(right, missed);
      const x = curve === "ROC" ? ratio(wrong, refused) : recalls;
      const y = curve === "ROC" ? recalls : ratio(right, wrong);
      const height = {
        interpolation: () => tf.div(tf.add(before(y), after(y)), 2),
        minoring: () => tf.minimum(before(y), after(y)),
        majoring: () => tf.maximum(before(y), after(y)),
      }[summationMethod]();
      return tf.sum(tf.mul(tf.sub(before(x), after(x)), height));
    },
  });
}

/** The most of one ratio where another is at least `least`. */
function newAtMetric(
  className: string,
  [name, setting, least]: [name: string, setting: string, least: number],
  { numThresholds = 200 }: AtOptions,
  ratios: (
    right: tf.Tensor,
    wrong: tf.Tensor,
    missed: tf.Tensor,
    refused: tf.Tensor,
  ) => [tf.Tensor, tf.Tensor],
): StatefulMetric {
  if (!(least >= 0 && least <= 1)) {
    throw new InputError({ who: name, expected: `${setting} from 0 to 1`, found: String(least) });
  }
  const thresholds = evenThresholds(name, numThresholds, 0);
  return newStatefulMetric({
    className,
    name,
    config: { [setting]: least, num_thresholds: numThresholds },
    shape: () => [4, numThresholds],
    count: (yTrue, yPred) => confusion(yTrue, yPred, thresholds),
    result(counts) {
      const [right, wrong, missed, refused] = unstackCounts(counts);
      const [bound, wanted] = ratios(right, wrong, missed, refused);
      return tf.max(tf.where(tf.greaterEqual(bound, least), wanted, tf.zerosLike(wanted)));
    },
  });
}

/** The most of the true ones that are found where `specificity` of the others are refused. */
export function sensitivityAtSpecificity(specificity: number, options: AtOptions = {}): StatefulMetric {
  const names = ["sensitivity_at_specificity", "specificity", specificity] as [string, string, number];
  return newAtMetric("SensitivityAtSpecificity", names, options, (right, wrong, missed, refused) => [
    ratio(refused, wrong),
    ratio(right, missed),
  ]);
}

/** The most of the others that are refused where `sensitivity` of the true ones are found. */
export function specificityAtSensitivity(sensitivity: number, options: AtOptions = {}): StatefulMetric {
  const names = ["specificity_at_sensitivity", "sensitivity", sensitivity] as [string, string, number];
  return newAtMetric("SpecificityAtSensitivity", names, options, (right, wrong, missed, refused) => [
    ratio(right, missed),
    ratio(refused, wrong),
  ]);
}

/** The highest precision where at least `recall` of the true ones are found. */
export function precisionAtRecall(recall: number, options: AtOptions = {}): StatefulMetric {
  const names = ["precision_at_recall", "recall", recall] as [string, string, number];
  return newAtMetric("PrecisionAtRecall", names, options, (right, wrong, missed) => [
    ratio(right, missed),
    ratio(right, wrong),
  ]);
}

/** The highest recall where at least `precision` of the answers yes are right. */
export function recallAtPrecision(precision: number, options: AtOptions = {}): StatefulMetric {
  const names = ["recall_at_precision", "precision", precision] as [string, string, number];
  return newAtMetric("RecallAtPrecision", names, options, (right, wrong, missed) => [
    ratio(right, wrong),
    ratio(right, missed),
  ]);
}
