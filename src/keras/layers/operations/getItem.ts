import { tf } from "../../../tensorflow/tf.ts";

interface Slice {
  start?: number | null;
  stop?: number | null;
  step?: number | null;
}
type Single = number | Slice;

/** One index of `x[…]`: a number, which takes its axis away, a slice, a new axis, or all axes that are not named. */
export type Index = Single | null | { ellipsis: true };

const isEllipsis = (index: Index): index is { ellipsis: true } =>
  typeof index === "object" && index !== null && "ellipsis" in index;

/** Python's `x[…]`. */
export function getItem(x: tf.Tensor, indices: readonly Index[]): tf.Tensor {
  const named = indices.filter((index) => index !== null && !isEllipsis(index)).length;
  const whole = Array.from({ length: x.rank - named }, (): Slice => ({}));
  const place = indices.findIndex(isEllipsis);
  const all = place < 0 ? [...indices, ...whole] : indices.toSpliced(place, 1, ...whole);
  const given = all.filter((index): index is Single => index !== null && !isEllipsis(index));
  // A mask of bits says where a slice begins or ends with the axis.
  const bits = (is: (index: Single) => boolean) =>
    given.reduce<number>((mask, index, axis) => (is(index) ? mask | (1 << axis) : mask), 0);
  const ofSlice = (index: Single) => (typeof index === "number" ? { start: index } : index);
  const begin = given.map((index) => ofSlice(index).start ?? 0);
  const end = given.map((index) => (typeof index === "number" ? index + 1 : (index.stop ?? 0)));
  const strides = given.map((index) => (typeof index === "number" ? 1 : (index.step ?? 1)));
  const beginMask = bits((index) => typeof index !== "number" && (index.start ?? null) === null);
  const endMask = bits((index) => (typeof index === "number" ? index === -1 : (index.stop ?? null) === null));
  return tf.tidy(() => {
    const part = tf.stridedSlice(x, begin, end, strides, beginMask, endMask);
    // What remains of the axes, with those that are new.
    const axes = all.filter((index) => typeof index !== "number");
    const lengths = part.shape.filter((_, axis) => typeof given[axis] !== "number");
    return part.reshape(axes.map((index) => (index === null ? 1 : lengths.shift()!)));
  });
}
