import { tf } from "../../../tensorflow/tf.ts";

/** What hides a score, as TensorFlow.js' own softmax has no mask. */
const hidden = -1e9;

/** True where a later step of the values would be seen: `[1, steps, values]`. */
export const causalMask = (steps: number, values: number): tf.Tensor =>
  tf
    .range(0, steps)
    .reshape([1, steps, 1])
    .greaterEqual(tf.range(0, values).reshape([1, 1, values]));

/** Both masks, where there are both. */
export function andMasks(one: tf.Tensor | undefined, other: tf.Tensor | undefined): tf.Tensor | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return tf.logicalAnd(one, other);
}

/** Scores with what is masked out of sight. */
export function hide(scores: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  return mask === undefined ? scores : tf.where(mask.toBool(), scores, tf.fill(scores.shape, hidden));
}

/** Forgets some of the weights while a model is trained. */
export function drop(weights: tf.Tensor, rate: number, training: unknown): tf.Tensor {
  if (training !== true || rate === 0) return weights;
  const kept = tf.randomUniform(weights.shape).greaterEqual(rate).toFloat();
  return weights.mul(kept).div(1 - rate);
}
