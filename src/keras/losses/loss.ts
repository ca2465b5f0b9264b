import { tf } from "../../tensorflow/tf.ts";
import type { Described } from "../files/config.ts";

/** The smallest probability that counts, as in Keras. */
export const epsilon = 1e-7;

/** A loss of each sample, from targets and predictions. Training takes the mean. */
export interface Loss {
  (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
  /** Keras' class of this loss, with its settings. */
  readonly keras: Described;
}

/** Options in Keras' spelling. */
function snakeCase(options: object): Record<string, unknown> {
  const entries = Object.entries(options).map(([name, value]: [string, unknown]) => {
    return [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Makes a loss of a formula.
 *
 * @param className Keras' class
 * @param name Keras' name of the function, under which it is reported as a metric
 * @param options settings, all with their values
 * @param formula gives the loss of each sample; targets come as float32, and of the rank of the predictions where one of
 *   them has a last dimension of 1 too many
 */
export function newLoss(
  className: string,
  name: string,
  options: object,
  formula: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor,
): Loss {
  const loss = (yTrue: tf.Tensor, yPred: tf.Tensor) =>
    tf.tidy(() => formula(matchRank(yTrue.toFloat(), yPred), yPred));
  Object.defineProperty(loss, "name", { value: name });
  return Object.assign(loss, { keras: { class_name: className, config: { name, ...snakeCase(options) } } });
}

/** Targets of shape `[n]` for predictions of shape `[n, 1]`, and the reverse. */
function matchRank(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  if (yTrue.rank === yPred.rank - 1 && yPred.shape.at(-1) === 1) return tf.expandDims(yTrue, -1);
  if (yTrue.rank === yPred.rank + 1 && yTrue.shape.at(-1) === 1) return tf.squeeze(yTrue, [-1]);
  return yTrue;
}

/** Values kept between epsilon and 1 - epsilon. */
export function clipProbability(values: tf.Tensor): tf.Tensor {
  return tf.clipByValue(values, epsilon, 1 - epsilon);
}
