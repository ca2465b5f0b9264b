import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { epsilon, newLoss, type Loss } from "../losses/loss.ts";
import { cosineSimilarity as cosineLoss } from "../losses/regression.ts";
import { newStatefulMetric, type StatefulMetric } from "./statefulMetric.ts";

/** Options of {@link f1Score}. */
export interface F1Options {
  /** How the classes' scores become one: `"macro"` (default) their mean, `"weighted"` by the classes' sizes, `"micro"` all answers at once. */
  average?: "macro" | "micro" | "weighted";
  /** The score beyond which an answer is yes. Default: the largest score of a sample is. */
  threshold?: number;
}

/** Options of {@link fBetaScore}. */
export interface FBetaOptions extends F1Options {
  /** How much more recall counts than precision. Default 1. */
  beta?: number;
}

function newFScore(className: string, name: string, options: FBetaOptions): StatefulMetric {
  const { average = "macro", beta = 1, threshold } = options;
  const axis = average === "micro" ? undefined : 0;
  return newStatefulMetric({
    className,
    name,
    config: { average, threshold: threshold ?? null, ...(className === "FBetaScore" && { beta }) },
    shape: (classes) => (average === "micro" ? [3] : [3, classes]),
    count(yTrue, yPred) {
      if (yPred.rank !== 2 || yTrue.rank !== 2) {
        const found = `targets [${yTrue.shape.join(", ")}] and predictions [${yPred.shape.join(", ")}]`;
        throw new InputError({ who: name, expected: "targets and predictions [samples, classes]", found });
      }
      const largest = () =>
        tf.logicalAnd(tf.greaterEqual(yPred, tf.max(yPred, -1, true)), tf.greater(tf.abs(yPred), 1e-9));
      const yes = (threshold === undefined ? largest() : tf.greater(yPred, threshold)).toFloat();
      const sum = (values: tf.Tensor) => tf.sum(values, axis);
      return tf.stack([sum(tf.mul(yes, yTrue)), sum(yes), sum(yTrue)]);
    },
    result(counts) {
      const [right, yes, truth] = tf.unstack(counts) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const precision = tf.div(right, tf.add(yes, epsilon));
      const recall = tf.div(right, tf.add(truth, epsilon));
      const weighted = tf.add(tf.add(tf.mul(precision, beta ** 2), recall), epsilon);
      const score = tf.mul(tf.div(tf.mul(precision, recall), weighted), 1 + beta ** 2);
      if (average !== "weighted") return tf.mean(score);
      return tf.sum(tf.mul(score, tf.div(truth, tf.add(tf.sum(truth), epsilon))));
    },
  });
}

/** The harmonic mean of precision and recall of each class, for one-hot targets; Keras gives a list where no average is asked for, here it is the mean. */
export function f1Score(options: F1Options = {}): StatefulMetric {
  return newFScore("F1Score", "f1_score", options);
}

/** {@link f1Score} in which recall counts `beta` times as much. */
export function fBetaScore(options: FBetaOptions = {}): StatefulMetric {
  return newFScore("FBetaScore", "fbeta_score", options);
}

/** What classes share with their predictions, as a part of both together; the mean over the classes. */
export function meanIoU({
  numClasses,
  sparseYPred = true,
}: {
  numClasses: number;
  sparseYPred?: boolean;
}): StatefulMetric {
  return newStatefulMetric({
    className: "MeanIoU",
    name: "mean_io_u",
    config: { num_classes: numClasses, sparse_y_pred: sparseYPred },
    shape: () => [numClasses, numClasses],
    count(yTrue, yPred) {
      const oneHot = (labels: tf.Tensor) => tf.oneHot(labels.flatten().toInt(), numClasses, 1, 0, "float32");
      const found = oneHot(sparseYPred ? yPred : tf.argMax(yPred, -1));
      return tf.matMul(oneHot(yTrue), found, true);
    },
    result(matrix) {
      const shared = tf.sum(tf.mul(matrix, tf.eye(numClasses)), 0);
      const union = tf.sub(tf.add(tf.sum(matrix, 0), tf.sum(matrix, 1)), shared);
      const valid = tf.sum(tf.greater(union, 0).toFloat());
      return tf.divNoNan(tf.sum(tf.divNoNan(shared, tf.add(union, epsilon))), valid);
    },
  });
}

/** The root of the mean of the squared differences. */
export function rootMeanSquaredError(): StatefulMetric {
  return newStatefulMetric({
    className: "RootMeanSquaredError",
    name: "root_mean_squared_error",
    shape: () => [2],
    count(yTrue, yPred) {
      const difference = tf.sub(yTrue.reshape(yPred.shape), yPred);
      return tf.stack([tf.sum(tf.square(difference)), tf.scalar(yPred.size)]);
    },
    result(counts) {
      const [total, number] = tf.unstack(counts) as [tf.Tensor, tf.Tensor];
      return tf.sqrt(tf.div(total, number));
    },
  });
}

/** How much of the spread of the targets the predictions explain, the mean over the outputs. */
export function r2Score(): StatefulMetric {
  return newStatefulMetric({
    className: "R2Score",
    name: "r2_score",
    config: { class_aggregation: "uniform_average", num_regressors: 0 },
    shape: (classes) => [4, classes],
    count(yTrue, yPred) {
      const truth = yTrue.reshape(yPred.shape);
      const sum = (values: tf.Tensor) => tf.sum(values, 0);
      return tf.stack([
        sum(truth),
        sum(tf.square(truth)),
        sum(tf.square(tf.sub(truth, yPred))),
        sum(tf.onesLike(truth)),
      ]);
    },
    result(counts) {
      const [total, squares, residual, number] = tf.unstack(counts) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const spread = tf.sub(squares, tf.div(tf.square(total), number));
      return tf.mean(tf.sub(1, tf.div(residual, spread)));
    },
  });
}

/** The cosine of the angle between target and prediction: the loss of that name without its minus. */
export function cosineSimilarity(): Loss {
  const loss = cosineLoss();
  return newLoss("CosineSimilarity", "cosine_similarity", {}, (yTrue, yPred) => tf.neg(loss(yTrue, yPred)));
}
