import { tf } from "../../tensorflow/tf.ts";
import { clipProbability, newLoss, type Loss } from "./loss.ts";

/** Options that the crossentropies share. */
export interface CrossentropyOptions {
  /** Whether predictions come before their sigmoid or softmax. Default false: they are probabilities. */
  fromLogits?: boolean;
  /** How much of each target is spread over all classes, from 0 to 1. Default 0. */
  labelSmoothing?: number;
}

/** Options of {@link sparseCategoricalCrossentropy}. */
export interface SparseCrossentropyOptions extends Pick<CrossentropyOptions, "fromLogits"> {
  /** A class whose samples count as 0. Default: none. */
  ignoreClass?: number;
}

/** Options of {@link categoricalFocalCrossentropy}. */
export interface FocalOptions extends CrossentropyOptions {
  /** The weight of the classes. Default 0.25. */
  alpha?: number;
  /** How much less sure predictions count more. Default 2. */
  gamma?: number;
}

/** Options of {@link binaryFocalCrossentropy}. */
export interface BinaryFocalOptions extends FocalOptions {
  /** Whether `alpha` weighs the classes. Default false. */
  applyClassBalancing?: boolean;
}

function smoothBinary(yTrue: tf.Tensor, smoothing: number): tf.Tensor {
  return smoothing === 0 ? yTrue : tf.add(tf.mul(yTrue, 1 - smoothing), smoothing / 2);
}

function smoothCategories(yTrue: tf.Tensor, smoothing: number): tf.Tensor {
  if (smoothing === 0) return yTrue;
  return tf.add(tf.mul(yTrue, 1 - smoothing), smoothing / yTrue.shape.at(-1)!);
}

/** Of each number by itself; stable for logits of any size. */
function binaryTerms(yTrue: tf.Tensor, yPred: tf.Tensor, fromLogits: boolean): tf.Tensor {
  if (fromLogits) {
    const tail = tf.log1p(tf.exp(tf.neg(tf.abs(yPred))));
    return tf.add(tf.sub(tf.relu(yPred), tf.mul(yPred, yTrue)), tail);
  }
  const p = clipProbability(yPred);
  const wrong = tf.mul(tf.sub(1, yTrue), tf.log(tf.sub(1, p)));
  return tf.neg(tf.add(tf.mul(yTrue, tf.log(p)), wrong));
}

/** Probabilities whose sum over the classes is 1. */
function normalized(yPred: tf.Tensor): tf.Tensor {
  return clipProbability(tf.div(yPred, tf.sum(yPred, -1, true)));
}

/** The logarithms of the probabilities of classes. */
function logProbability(yPred: tf.Tensor, fromLogits: boolean): tf.Tensor {
  return fromLogits ? tf.logSoftmax(yPred) : tf.log(normalized(yPred));
}

/** For answers yes or no: `-(y·log p + (1 - y)·log(1 - p))`, the mean over the last dimension. */
export function binaryCrossentropy(options: CrossentropyOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0 } = options;
  const settings = { fromLogits, labelSmoothing };
  return newLoss("BinaryCrossentropy", "binary_crossentropy", settings, (yTrue, yPred) =>
    tf.mean(binaryTerms(smoothBinary(yTrue, labelSmoothing), yPred, fromLogits), -1),
  );
}

/** Binary crossentropy that counts sure answers less (Lin 2017). */
export function binaryFocalCrossentropy(options: BinaryFocalOptions = {}): Loss {
  const { alpha = 0.25, gamma = 2, applyClassBalancing = false } = options;
  const { fromLogits = false, labelSmoothing = 0 } = options;
  const settings = { applyClassBalancing, alpha, gamma, fromLogits, labelSmoothing };
  return newLoss("BinaryFocalCrossentropy", "binary_focal_crossentropy", settings, (yTrue, yPred) => {
    const target = smoothBinary(yTrue, labelSmoothing);
    const p = fromLogits ? tf.sigmoid(yPred) : yPred;
    const either = (yes: tf.Tensor | number, no: tf.Tensor | number) =>
      tf.add(tf.mul(target, yes), tf.mul(tf.sub(1, target), no));
    const focus = tf.pow(tf.sub(1, either(p, tf.sub(1, p))), gamma);
    const focal = tf.mul(focus, binaryTerms(target, p, false));
    return tf.mean(applyClassBalancing ? tf.mul(either(alpha, 1 - alpha), focal) : focal, -1);
  });
}

/** For one class of several, targets one-hot: `-Σ y·log p`. */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0 } = options;
  const settings = { fromLogits, labelSmoothing };
  return newLoss("CategoricalCrossentropy", "categorical_crossentropy", settings, (yTrue, yPred) => {
    const target = smoothCategories(yTrue, labelSmoothing);
    return tf.neg(tf.sum(tf.mul(target, logProbability(yPred, fromLogits)), -1));
  });
}

/** Categorical crossentropy that counts sure answers less (Lin 2017). */
export function categoricalFocalCrossentropy(options: FocalOptions = {}): Loss {
  const { alpha = 0.25, gamma = 2, fromLogits = false, labelSmoothing = 0 } = options;
  const settings = { alpha, gamma, fromLogits, labelSmoothing };
  return newLoss(
    "CategoricalFocalCrossentropy",
    "categorical_focal_crossentropy",
    settings,
    (yTrue, yPred) => {
      const p = normalized(fromLogits ? tf.softmax(yPred) : yPred);
      const weight = tf.mul(tf.pow(tf.sub(1, p), gamma), alpha);
      const terms = tf.mul(smoothCategories(yTrue, labelSmoothing), tf.log(p));
      return tf.neg(tf.sum(tf.mul(weight, terms), -1));
    },
  );
}

/** For one class of several, targets the numbers of the classes: `-log p[y]`. */
export function sparseCategoricalCrossentropy(options: SparseCrossentropyOptions = {}): Loss {
  const { fromLogits = false, ignoreClass } = options;
  const settings = { fromLogits, ignoreClass: ignoreClass ?? null };
  return newLoss(
    "SparseCategoricalCrossentropy",
    "sparse_categorical_crossentropy",
    settings,
    (yTrue, yPred) => {
      const classes = yPred.shape.at(-1)!;
      const labels = yTrue.rank === yPred.rank ? tf.squeeze(yTrue, [-1]) : yTrue;
      const target = tf.oneHot(labels.toInt(), classes, 1, 0, "float32");
      const logits = fromLogits ? yPred : tf.log(clipProbability(yPred));
      const terms = tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), -1));
      return ignoreClass === undefined ? terms : tf.mul(terms, tf.notEqual(labels, ignoreClass).toFloat());
    },
  );
}
