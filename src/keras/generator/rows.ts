import { tf } from "../../tensorflow/tf.ts";

/** A tensor's values, to take rows from. */
export interface Rows {
  data: Float32Array | Int32Array | Uint8Array;
  /** How many there are. */
  count: number;
  /** The shape of each. */
  shape: readonly number[];
  dtype: "float32" | "int32" | "bool";
}

/** Reads a tensor, or numbers, once; a tensor may be disposed afterwards. */
export function rowsOf(values: tf.Tensor | readonly number[]): Rows {
  if (!(values instanceof tf.Tensor)) {
    return { data: Float32Array.from(values), count: values.length, shape: [], dtype: "float32" };
  }
  const [count = 0, ...shape] = values.shape;
  return { data: values.dataSync(), count, shape, dtype: values.dtype as Rows["dtype"] };
}

/** The values of one row; a part of the whole. */
export function rowAt({ data, shape }: Rows, index: number): Rows["data"] {
  const size = tf.util.sizeFromShape([...shape]);
  return data.subarray(index * size, (index + 1) * size);
}

/** The rows of some indices, as a tensor. */
export function takeRows(rows: Rows, indices: Int32Array): tf.Tensor {
  const size = tf.util.sizeFromShape([...rows.shape]);
  const taken = tf.util.getTypedArrayFromDType<typeof rows.dtype>(rows.dtype, indices.length * size);
  indices.forEach((index, place) => taken.set(rowAt(rows, index), place * size));
  return tf.tensor(taken, [indices.length, ...rows.shape], rows.dtype);
}
