import { tf } from "../../../tensorflow/tf.ts";
import { binary, unary, type Operations } from "./compute.ts";

const floorDivide = (a: tf.Tensor, b: tf.Tensor) => a.div(b).floor();

/** What is computed number by number: those of `keras.ops.numpy`. */
export const elementwise: Operations = {
  add: binary(tf.add),
  subtract: binary(tf.sub),
  multiply: binary(tf.mul),
  divide: binary(tf.div),
  trueDivide: binary(tf.div),
  floorDivide: binary(floorDivide),
  mod: binary((a, b) => a.sub(floorDivide(a, b).mul(b))),
  power: binary(tf.pow),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  arctan2: binary(tf.atan2),
  equal: binary(tf.equal),
  notEqual: binary(tf.notEqual),
  greater: binary(tf.greater),
  greaterEqual: binary(tf.greaterEqual),
  less: binary(tf.less),
  lessEqual: binary(tf.lessEqual),
  logicalAnd: binary((a, b) => tf.logicalAnd(a.toBool(), b.toBool())),
  logicalOr: binary((a, b) => tf.logicalOr(a.toBool(), b.toBool())),
  logicalNot: unary((x) => tf.logicalNot(x.toBool())),
  where: ([condition, a, b]) => tf.where(condition!.toBool(), a!, b!),

  absolute: unary(tf.abs),
  arccos: unary(tf.acos),
  arcsin: unary(tf.asin),
  arctan: unary(tf.atan),
  ceil: unary(tf.ceil),
  cos: unary(tf.cos),
  cosh: unary(tf.cosh),
  exp: unary(tf.exp),
  expm1: unary(tf.expm1),
  floor: unary(tf.floor),
  log: unary(tf.log),
  log10: unary((x) => x.log().div(Math.LN10)),
  log1p: unary(tf.log1p),
  log2: unary((x) => x.log().div(Math.LN2)),
  negative: unary(tf.neg),
  onesLike: unary(tf.onesLike),
  reciprocal: unary(tf.reciprocal),
  round: ([x], { decimals }) => {
    const scale = 10 ** ((decimals as number | undefined) ?? 0);
    return scale === 1 ? tf.round(x!) : x!.mul(scale).round().div(scale);
  },
  sign: unary(tf.sign),
  sin: unary(tf.sin),
  sinh: unary(tf.sinh),
  sqrt: unary(tf.sqrt),
  square: unary(tf.square),
  tan: unary(tf.tan),
  tanh: unary(tf.tanh),
  zerosLike: unary(tf.zerosLike),
  clip: ([x], { xMin, xMax }) => x!.clipByValue(xMin as number, xMax as number),
};
