import { tf } from "../../tensorflow/tf.ts";

/** At most one of the ways in which Keras keeps gradients small. */
export interface Clipping {
  /** The largest length of each variable's gradient. */
  clipnorm?: number | undefined;
  /** The largest absolute value of each number. */
  clipvalue?: number | undefined;
  /** The largest length of all gradients together. */
  globalClipnorm?: number | undefined;
}

/** The gradients, shortened as Keras does; call it in a tidy. */
export function clipGradients(
  gradients: readonly tf.Tensor[],
  { clipnorm = 0, clipvalue = 0, globalClipnorm = 0 }: Clipping,
): readonly tf.Tensor[] {
  if (clipnorm > 0) {
    return gradients.map((gradient) =>
      tf.div(tf.mul(gradient, clipnorm), tf.maximum(lengthOf([gradient]), clipnorm)),
    );
  }
  if (globalClipnorm > 0) {
    const scale = tf.div(globalClipnorm, tf.maximum(lengthOf(gradients), globalClipnorm));
    return gradients.map((gradient) => tf.mul(gradient, scale));
  }
  if (clipvalue > 0) return gradients.map((gradient) => tf.clipByValue(gradient, -clipvalue, clipvalue));
  return gradients;
}

/** The length of all together. */
function lengthOf(gradients: readonly tf.Tensor[]): tf.Tensor {
  return tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
}
