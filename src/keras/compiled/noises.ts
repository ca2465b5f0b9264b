import { tf } from "../../tensorflow/tf.ts";
import type { Draw } from "./drawNoise.ts";

/** 1 for what stays, 0 for what is dropped. */
const kept = (draw: Draw, shape: readonly number[], rate: number): tf.Tensor =>
  tf.cast(tf.greaterEqual(draw("uniform", shape), rate), "float32");

/** Drops the part `rate` of the inputs, one number of `shape` for all that it is stretched over, and makes up for it. */
export function dropout(x: tf.Tensor, rate: number, shape: readonly number[], draw: Draw): tf.Tensor {
  return tf.mul(x, tf.mul(kept(draw, shape, rate), 1 / (1 - rate)));
}

/** Drops so that mean and variance stay. The constants are those of SELU (Klambauer and others 2017, appendix). */
export function alphaDropout(x: tf.Tensor, rate: number, shape: readonly number[], draw: Draw): tf.Tensor {
  const dropped = -1.6732632423543772 * 1.0507009873554805;
  const a = ((1 - rate) * (1 + rate * dropped ** 2)) ** -0.5;
  const mask = kept(draw, shape, rate);
  const mixed = tf.add(tf.mul(x, mask), tf.mul(tf.sub(1, mask), dropped));
  return tf.add(tf.mul(mixed, a), -a * dropped * rate);
}

/** Multiplies with numbers around 1 that have the variance of dropout. */
export function gaussianDropout(x: tf.Tensor, rate: number, draw: Draw): tf.Tensor {
  return tf.mul(x, tf.add(tf.mul(draw("normal", x.shape), Math.sqrt(rate / (1 - rate))), 1));
}

/** Adds numbers of a deviation. */
export function gaussianNoise(x: tf.Tensor, stddev: number, draw: Draw): tf.Tensor {
  return tf.add(x, tf.mul(draw("normal", x.shape), stddev));
}
