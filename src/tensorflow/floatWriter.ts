import * as tf from "@tensorflow/tfjs";
import { dataTypes } from "./dataTypes.ts";
import { currentRuntime, type Runtime } from "./runtime.ts";
import { newFloats, placeTensor } from "./tensorData.ts";

/** A float32 tensor that is written piece by piece; either `end` or `cancel` is called, once. */
export interface FloatWriter {
  /** Writes the next values, as many as there is room for. */
  write(values: Uint8Array | Float32Array): void;
  /** How many values were given, those included for which there was no room. */
  readonly count: number;
  /** The tensor, which is the caller's. */
  end(): tf.Tensor;
  /** Frees what was written. */
  cancel(): void;
}

/** Values that are converted at once: few enough to stay in the processor's cache. */
const piece = 2 ** 16;

/** Writes into TensorFlow's own memory: a large tensor's memory is given by the system once, and not for an array of JavaScript's before. */
function nativeWriter({ context, toTensor }: Runtime, shape: readonly number[]): FloatWriter {
  const { c } = context;
  const tensor = newFloats(context, shape);
  const start = c.TF_TensorData(tensor)!;
  const size = tf.util.sizeFromShape([...shape]);
  const floats = new Float32Array(piece);
  let count = 0;
  const place = (values: Float32Array, length: number): void => {
    const room = Math.max(0, Math.min(length, size - count));
    if (room > 0) c.memcpy(start + BigInt(count * 4), values, room * 4);
    count += length;
  };
  return {
    write(values) {
      if (values instanceof Float32Array) return place(values, values.length);
      for (let from = 0; from < values.length; from += piece) {
        const part = values.subarray(from, from + piece);
        floats.set(part);
        place(floats, part.length);
      }
    },
    get count() {
      return count;
    },
    end: () => toTensor(placeTensor(context, tensor, dataTypes.float)),
    cancel: () => c.TF_DeleteTensor(tensor),
  };
}

function arrayWriter(shape: readonly number[]): FloatWriter {
  const floats = new Float32Array(tf.util.sizeFromShape([...shape]));
  let count = 0;
  return {
    write(values) {
      const room = Math.max(0, floats.length - count);
      if (room > 0) floats.set(values.subarray(0, room), count);
      count += values.length;
    },
    get count() {
      return count;
    },
    end: () => tf.tensor(floats, [...shape]),
    cancel: () => undefined,
  };
}

/** Begins a float32 tensor of values that come piece by piece. What is not written stays undefined. */
export function floatWriter(shape: readonly number[]): FloatWriter {
  const runtime = currentRuntime();
  return runtime === undefined ? arrayWriter(shape) : nativeWriter(runtime, shape);
}
