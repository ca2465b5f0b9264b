import * as tf from "@tensorflow/tfjs";
import { replaceGradient } from "./replaceGradient.ts";

/** Under what name each kernel is told along which axes. */
const attributes = [
  ["Max", "reductionIndices"],
  ["Min", "axis"],
] as const;

/**
 * Shares the gradient of a largest or least value among all that are as large, as TensorFlow in Python does. TensorFlow.js gives each of them
 * the whole: behind a global max pooling a plain background counted as often as it has pixels.
 */
export function shareAmongEqual(): void {
  for (const [kernel, attribute] of attributes) {
    replaceGradient(kernel, () => (dy, saved, { [attribute]: reduced }) => {
      const [x, y] = saved as [tf.Tensor, tf.Tensor];
      const axes = tf.util.parseAxisParam(reduced as number[], x.shape);
      const shape = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
      return {
        x: () => {
          const isExtreme = tf.cast(tf.equal(x, tf.reshape(y, shape)), dy.dtype);
          return tf.mul(isExtreme, tf.div(tf.reshape(dy, shape), tf.sum(isExtreme, axes, true)));
        },
      };
    });
  }
}
