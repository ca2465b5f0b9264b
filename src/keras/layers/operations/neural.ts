import { tf } from "../../../tensorflow/tf.ts";
import { activationFunctions, elu, hardSigmoid, softmaxAlong } from "../activationFunctions.ts";
import { unary, type Operations, type Options } from "./compute.ts";

const numberOr = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);

type Pool = (
  x: tf.Tensor4D,
  size: [number, number],
  steps: [number, number],
  pad: "same" | "valid",
) => tf.Tensor;

/** Pools sequences `[batch, steps, channels]` and pictures. */
function pool(x: tf.Tensor, { poolSize, strides, padding }: Options, compute: Pool): tf.Tensor {
  const axes = x.rank - 2;
  const each = (value: unknown) =>
    Array.isArray(value) ? (value as number[]) : Array.from({ length: axes }, () => value as number);
  const size = each(poolSize);
  const steps = each(strides ?? size);
  const row = axes === 1 ? [1] : [];
  const pictures = axes === 1 ? x.expandDims(1) : x;
  const pooled = compute(
    pictures as tf.Tensor4D,
    [...row, ...size] as [number, number],
    [...row, ...steps] as [number, number],
    padding === "same" ? "same" : "valid",
  );
  return axes === 1 ? pooled.squeeze([1]) : pooled;
}

/** Those of `keras.ops.nn`. */
export const neural: Operations = {
  ...Object.fromEntries(
    Object.entries(activationFunctions).map(([name, apply]) => [name, unary(apply)] as const),
  ),
  averagePool: ([x], options) => pool(x!, options, tf.avgPool),
  maxPool: ([x], options) => pool(x!, options, tf.maxPool),
  elu: ([x], { alpha }) => elu(x!, numberOr(alpha, 1)),
  gelu: ([x], { approximate }) =>
    approximate === false
      ? x!.mul(x!.div(Math.SQRT2).erf().add(1)).div(2)
      : x!
          .mul(
            x!
              .pow(3)
              .mul(0.044715)
              .add(x!)
              .mul(Math.sqrt(2 / Math.PI))
              .tanh()
              .add(1),
          )
          .div(2),
  hardSigmoid: unary(hardSigmoid),
  leakyRelu: ([x], { negativeSlope }) => tf.leakyRelu(x!, numberOr(negativeSlope, 0.2)),
  logSoftmax: ([x], { axis }) => softmaxAlong(x!, numberOr(axis, -1), tf.logSoftmax),
  normalize: ([x], { axis, epsilon }) => {
    const length = x!.square().sum(numberOr(axis, -1), true).sqrt();
    return x!.div(length.maximum(numberOr(epsilon, 1e-12)));
  },
  oneHot: ([x], { numClasses }) => tf.oneHot(x!.toInt(), numClasses as number).toFloat(),
  relu: unary(tf.relu),
  relu6: unary(tf.relu6),
  selu: unary(tf.selu),
  sigmoid: unary(tf.sigmoid),
  silu: unary((x) => x.mul(x.sigmoid())),
  softmax: ([x], { axis }) => softmaxAlong(x!, numberOr(axis, -1), tf.softmax),
  softplus: unary(tf.softplus),
  softsign: unary((x) => x.div(x.abs().add(1))),
};
