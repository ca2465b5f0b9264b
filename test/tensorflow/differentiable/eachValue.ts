import { tf } from "../../../src/tensorflow/tf.ts";
import { positive, quarters, spread, type Differentiable } from "./differentiable.ts";

type Unary = (x: tf.Tensor) => tf.Tensor;

/** Functions of each value. */
function unary(kernel: string, of: Unary, input = quarters([2, 5], -1.18)): Differentiable {
  return { kernel, inputs: [input], of };
}

/** The kernels whose gradient is zero wherever there is one. */
export const steps = [
  unary("ArgMax", (x) => tf.argMax(x, 1)),
  unary("ArgMin", (x) => tf.argMin(x, 1)),
  unary("Ceil", tf.ceil),
  unary("Floor", tf.floor),
  unary("Round", tf.round),
  unary("Sign", tf.sign),
  unary("Step", (x) => tf.step(x, 0.2)),
  unary("IsFinite", tf.isFinite),
  unary("IsInf", tf.isInf),
  unary("IsNan", tf.isNaN),
  unary("OnesLike", tf.onesLike),
  unary("ZerosLike", tf.zerosLike),
  unary("OneHot", (x) => tf.oneHot(tf.cast(x, "int32"), 4), spread([4], 0.1, 3.7)),
];

export const eachValue = [
  unary("Abs", tf.abs),
  unary("Acos", tf.acos, spread([2, 5], -0.8, 0.8)),
  unary("Acosh", tf.acosh, spread([2, 5], 1.4, 3)),
  unary("Asin", tf.asin, spread([2, 5], -0.8, 0.8)),
  unary("Asinh", tf.asinh),
  unary("Atan", tf.atan),
  unary("Atanh", tf.atanh, spread([2, 5], -0.8, 0.8)),
  unary("Cast", (x) => tf.cast(x, "float32")),
  unary("ClipByValue", (x) => tf.clipByValue(x, -0.8, 0.9)),
  unary("Cos", tf.cos),
  unary("Cosh", tf.cosh),
  unary("Elu", tf.elu),
  unary("Erf", tf.erf),
  unary("Exp", tf.exp),
  unary("Expm1", tf.expm1),
  unary("Identity", (x) => tf.clone(x)),
  unary("LeakyRelu", (x) => tf.leakyRelu(x, 0.3)),
  unary("Log", tf.log, positive([2, 5])),
  unary("Log1p", tf.log1p, positive([2, 5])),
  unary("Neg", tf.neg),
  unary("Reciprocal", tf.reciprocal, positive([2, 5])),
  unary("Relu", tf.relu),
  unary("Relu6", tf.relu6, spread([2, 5], -3, 9)),
  unary("Rsqrt", tf.rsqrt, positive([2, 5])),
  unary("Selu", tf.selu),
  unary("Sigmoid", tf.sigmoid),
  unary("Sin", tf.sin),
  unary("Sinh", tf.sinh),
  unary("Softplus", tf.softplus),
  unary("Sqrt", tf.sqrt, positive([2, 5])),
  unary("Square", tf.square),
  unary("Tan", tf.tan, spread([2, 5], -1, 1)),
  unary("Tanh", tf.tanh),
];
