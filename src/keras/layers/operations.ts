import { tf } from "../../tensorflow/tf.ts";
import { hardSigmoid, hardSilu } from "./activationFunctions.ts";
import { resize } from "./preprocessing.ts";

/** Settings of an operation, in camelCase. */
export type Options = Readonly<Record<string, unknown>>;

type Compute = (operands: tf.Tensor[], options: Options) => tf.Tensor;

const unary =
  (compute: (x: tf.Tensor) => tf.Tensor): Compute =>
  ([x]) =>
    compute(x!);

const binary =
  (compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Compute =>
  ([a, b]) =>
    compute(a!, b!);

const reduce =
  (compute: (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor): Compute =>
  ([x], { axis, keepdims }) =>
    compute(x!, (axis as number[] | null | undefined) ?? undefined, keepdims === true);

/** One index of `x[…]`: a number, or `{ start, stop, step }`. */
type Index =
  number | { start?: number | null; stop?: number | null; step?: number | null } | { ellipsis: true };

function getItem(x: tf.Tensor, indices: Index[]): tf.Tensor {
  const isEllipsis = (index: Index) => typeof index === "object" && "ellipsis" in index;
  const place = indices.findIndex(isEllipsis);
  const whole = Array.from({ length: x.rank - indices.length + (place < 0 ? 0 : 1) }, () => ({}));
  const all = (place < 0 ? [...indices, ...whole] : indices.toSpliced(place, 1, ...whole)) as Exclude<
    Index,
    { ellipsis: true }
  >[];
  // A mask of bits says where a slice begins or ends with the axis.
  const bits = (is: (index: (typeof all)[number]) => boolean) =>
    all.reduce<number>((mask, index, axis) => (is(index) ? mask | (1 << axis) : mask), 0);
  const ofSlice = (index: (typeof all)[number]) => (typeof index === "number" ? { start: index } : index);
  const begin = all.map((index) => ofSlice(index).start ?? 0);
  const end = all.map((index) => (typeof index === "number" ? index + 1 : (index.stop ?? 0)));
  const strides = all.map((index) => (typeof index === "number" ? 1 : (index.step ?? 1)));
  const beginMask = bits((index) => typeof index !== "number" && (index.start ?? null) === null);
  const endMask = bits((index) => (typeof index === "number" ? index === -1 : (index.stop ?? null) === null));
  const part = tf.stridedSlice(x, begin, end, strides, beginMask, endMask);
  const single = all.flatMap((index, axis) => (typeof index === "number" ? [axis] : []));
  return single.length > 0 ? part.squeeze(single) : part;
}

/** What Keras 3's operations compute, under their names in camelCase; operands come before settings. */
export const operations: Readonly<Record<string, Compute>> = {
  add: binary(tf.add),
  subtract: binary(tf.sub),
  multiply: binary(tf.mul),
  divide: binary(tf.div),
  trueDivide: binary(tf.div),
  power: binary(tf.pow),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),

  absolute: unary(tf.abs),
  exp: unary(tf.exp),
  log: unary(tf.log),
  negative: unary(tf.neg),
  relu: unary(tf.relu),
  relu6: unary(tf.relu6),
  rsqrt: unary(tf.rsqrt),
  sigmoid: unary(tf.sigmoid),
  silu: unary((x) => x.mul(x.sigmoid())),
  softplus: unary(tf.softplus),
  sqrt: unary(tf.sqrt),
  square: unary(tf.square),
  tanh: unary(tf.tanh),
  hardSigmoid: unary(hardSigmoid),
  hardSilu: unary(hardSilu),
  clip: ([x], { xMin, xMax }) => x!.clipByValue(xMin as number, xMax as number),
  softmax: ([x], { axis }) => tf.softmax(x!, (axis as number | undefined) ?? -1),

  max: reduce(tf.max),
  mean: reduce(tf.mean),
  min: reduce(tf.min),
  sum: reduce(tf.sum),

  cast: ([x], { dtype }) => x!.cast(String(dtype).startsWith("int") ? "int32" : "float32"),
  concatenate: (tensors, { axis }) => tf.concat(tensors, axis as number),
  expandDims: ([x], { axis }) => tf.expandDims(x!, axis as number),
  flip: ([x], { axis }) => tf.reverse(x!, axis as number | number[]),
  getItem: ([x], { key }) => getItem(x!, key as Index[]),
  pad: ([x], { padWidth }) => tf.pad(x!, padWidth as [number, number][]),
  reshape: ([x], { newshape }) => tf.reshape(x!, newshape as number[]),
  resize: ([x], { size, interpolation }) =>
    resize(x as tf.Tensor4D, size as [number, number], interpolation as "bilinear" | "nearest"),
  squeeze: ([x], { axis }) => tf.squeeze(x!, [axis as number].flat()),
  stack: (tensors, { axis }) => tf.stack(tensors, axis as number),
  transpose: ([x], { axes }) => tf.transpose(x!, axes as number[]),
};
