import { tf } from "../../../tensorflow/tf.ts";
import { contract } from "../contract.ts";
import { resize, type ResizeMethod } from "../resize.ts";
import { axesOf, binary, unary, type Operations } from "./compute.ts";
import { getItem, type Index } from "./getItem.ts";

const list = (value: unknown) => [value].flat() as number[];

function moveAxes(x: tf.Tensor, from: number[], to: number[]): tf.Tensor {
  const at = (axis: number) => (axis < 0 ? axis + x.rank : axis);
  const order = x.shape.map((_, axis) => axis).filter((axis) => !from.map(at).includes(axis));
  const moves = to.map((place, index) => [at(place), at(from[index]!)] as const).sort(([a], [b]) => a - b);
  for (const [place, axis] of moves) order.splice(place, 0, axis);
  return x.transpose(order);
}

function swapAxes(x: tf.Tensor, one: number, other: number): tf.Tensor {
  const order = x.shape.map((_, axis) => axis);
  const [a, b] = [order.at(one)!, order.at(other)!];
  return x.transpose(order.with(a, b).with(b, a));
}

/** The end of an axis before its beginning. */
function roll(x: tf.Tensor, shifts: number[], axes: number[]): tf.Tensor {
  return axes.reduce((rolled, axis, index) => {
    const length = x.shape.at(axis)!;
    const shift = (((shifts[index] ?? shifts[0]!) % length) + length) % length;
    if (shift === 0) return rolled;
    const [head, tail] = tf.split(rolled, [length - shift, shift], axis);
    return tf.concat([tail!, head!], axis);
  }, x);
}

/** Parts of an axis: so many equal ones, or those between some places. */
function split(x: tf.Tensor, parts: number | number[], axis: number): tf.Tensor[] {
  if (typeof parts === "number") return tf.split(x, parts, axis);
  const ends = [...parts, x.shape.at(axis)!];
  return tf.split(
    x,
    ends.map((end, index) => end - (ends[index - 1] ?? 0)),
    axis,
  );
}

/** A tensor repeated along its axes; missing ones come first. */
function tile(x: tf.Tensor, repeats: number[]): tf.Tensor {
  const rank = Math.max(x.rank, repeats.length);
  const ones = (count: number) => Array.from({ length: count }, () => 1);
  return tf.tile(x.reshape([...ones(rank - x.rank), ...x.shape]), [
    ...ones(rank - repeats.length),
    ...repeats,
  ]);
}

function castTo(x: tf.Tensor, dtype: string): tf.Tensor {
  if (dtype === "bool") return x.toBool();
  return x.cast(/^u?int/.test(dtype) ? "int32" : "float32");
}

/** What moves numbers about, and products of matrices. */
export const shapes: Operations = {
  cast: ([x], { dtype }) => castTo(x!, String(dtype)),
  concatenate: (tensors, { axis }) => tf.concat(tensors, axis as number),
  dot: ([a, b]) => (a!.rank === 1 || b!.rank === 1 ? tf.dot(a!, b!) : contract("...a,ab->...b", a!, b!)),
  einsum: (operands, { subscripts }) =>
    operands.length === 2
      ? contract(subscripts as string, operands[0]!, operands[1]!)
      : tf.einsum(subscripts as string, ...operands),
  expandDims: ([x], { axis }) => tf.expandDims(x!, axis as number),
  flip: ([x], options) => tf.reverse(x!, axesOf(options)),
  getItem: ([x], { key }) => getItem(x!, key as Index[]),
  matmul: binary((a, b) => tf.matMul(a, b)),
  moveaxis: ([x], { source, destination }) => moveAxes(x!, list(source), list(destination)),
  outer: binary((a, b) => a.reshape([-1, 1]).mul(b.reshape([1, -1]))),
  pad: ([x, value], { padWidth }) => {
    const widths = Array.isArray(padWidth)
      ? (padWidth as (number | [number, number])[])
      : [padWidth as number];
    const each = widths.map((one): [number, number] => (typeof one === "number" ? [one, one] : one));
    const all = x!.shape.map((_, axis) => each[axis] ?? each[0]!);
    return tf.pad(x!, all, value?.dataSync()[0] ?? 0);
  },
  ravel: unary((x) => x.flatten()),
  repeat: ([x], { repeats, axis }) => {
    const along = axis as number | null | undefined;
    const given = along === null || along === undefined ? x!.flatten() : x!;
    const at = given.shape.map((_, index) => index).at(along ?? 0)!;
    const copies = Array.from({ length: list(repeats)[0]! }, () => given);
    return tf.stack(copies, at + 1).reshape(given.shape.with(at, given.shape[at]! * copies.length));
  },
  reshape: ([x], { newshape }) => tf.reshape(x!, newshape as number[]),
  resize: ([x], { size, interpolation }) =>
    resize(x as tf.Tensor4D, size as [number, number], interpolation as ResizeMethod),
  roll: ([x], { shift, axis }) =>
    axis === null || axis === undefined
      ? roll(x!.flatten(), list(shift), [0]).reshape(x!.shape)
      : roll(x!, list(shift), list(axis)),
  split: ([x], { indicesOrSections, axis }) =>
    split(x!, indicesOrSections as number | number[], (axis as number) ?? 0),
  squeeze: ([x], { axis }) => tf.squeeze(x!, axis === null || axis === undefined ? undefined : list(axis)),
  stack: (tensors, { axis }) => tf.stack(tensors, axis as number),
  swapaxes: ([x], { axis1, axis2 }) => swapAxes(x!, axis1 as number, axis2 as number),
  take: ([x, indices], { axis }) =>
    axis === null || axis === undefined
      ? tf.gather(x!.flatten(), indices!.toInt())
      : tf.gather(x!, indices!.toInt(), axis as number),
  tile: ([x], { repeats }) => tile(x!, list(repeats)),
  transpose: ([x], { axes }) => tf.transpose(x!, (axes as number[] | null | undefined) ?? undefined),
  unstack: ([x], { axis }) => tf.unstack(x!, (axis as number) ?? 0),
};
