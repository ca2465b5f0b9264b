import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";

type TypedArray =
  Float32Array | Float64Array | Int32Array | Int8Array | Uint8Array | Uint8ClampedArray | Uint16Array;

/** Numbers in rows of equal length, rows of rows, and so on; the first axis counts the samples. */
export type Numbers = TypedArray | readonly (number | boolean | Numbers)[];

/** Whether this is neither a tensor nor a list of some, but what one can be made of. */
export function isNumbers(values: unknown): values is Numbers {
  if (ArrayBuffer.isView(values)) return true;
  return Array.isArray(values) && values.length > 0 && values.every(isPart);
}

const isPart = (part: unknown) =>
  typeof part === "number" || typeof part === "boolean" || Array.isArray(part) || ArrayBuffer.isView(part);

/** TensorFlow.js makes tensors of these as they are. */
const known = [Float32Array, Int32Array, Uint8Array, Uint8ClampedArray];

/** A new tensor of numbers in arrays, which is the caller's. */
export function tensorOf(values: Numbers, who: string): tf.Tensor {
  const isOther = ArrayBuffer.isView(values) && !known.some((type) => values instanceof type);
  const given = isOther ? Float32Array.from(values as Float64Array) : values;
  try {
    return tf.tensor(given as tf.TensorLike);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new InputError({ who, expected: "numbers in rows of equal length", found, cause });
  }
}
