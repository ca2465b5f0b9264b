import { tf } from "../../../tensorflow/tf.ts";
import { axesOf, type Compute, type Operations } from "./compute.ts";

const reduce =
  (compute: (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor): Compute =>
  ([x], options) =>
    compute(x!, axesOf(options), options.keepdims === true);

const variance = (x: tf.Tensor, axis: number | number[] | undefined, keepDims = false) =>
  tf.moments(x.toFloat(), axis, keepDims).variance;

/** What is computed along axes. */
export const reductions: Operations = {
  all: reduce((x, axis, keepDims) => tf.all(x.toBool(), axis, keepDims)),
  any: reduce((x, axis, keepDims) => tf.any(x.toBool(), axis, keepDims)),
  max: reduce(tf.max),
  mean: reduce(tf.mean),
  min: reduce(tf.min),
  prod: reduce(tf.prod),
  sum: reduce(tf.sum),
  std: reduce((x, axis, keepDims) => variance(x, axis, keepDims).sqrt()),
  var: reduce(variance),
  logsumexp: reduce(tf.logSumExp),
  norm: ([x], options) =>
    tf.norm(x!, (options.ord as number | undefined) ?? 2, axesOf(options), options.keepdims === true),
  argmax: ([x], { axis }) => tf.argMax(x!, axis as number),
  argmin: ([x], { axis }) => tf.argMin(x!, axis as number),
  cumsum: ([x], { axis }) => tf.cumsum(x!, axis as number),
  cumprod: ([x], { axis }) => tf.cumprod(x!, axis as number),
};
