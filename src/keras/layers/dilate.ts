import type { tf } from "../../tensorflow/tf.ts";

/** A kernel with zeros between its weights: one that is convolved without dilation to the same effect. */
export function dilate<Kernel extends tf.Tensor>(kernel: Kernel, rates: readonly number[]): Kernel {
  return rates.reduce<tf.Tensor>((wide, rate, axis) => {
    if (rate === 1) return wide;
    const { shape } = wide;
    const length = shape[axis]!;
    const gaps = [...shape, 1].map((_, index): [number, number] =>
      index === axis + 1 ? [0, rate - 1] : [0, 0],
    );
    const spread = wide
      .expandDims(axis + 1)
      .pad(gaps)
      .reshape(shape.with(axis, length * rate));
    return spread.slice(
      shape.map(() => 0),
      shape.with(axis, (length - 1) * rate + 1),
    );
  }, kernel) as Kernel;
}
