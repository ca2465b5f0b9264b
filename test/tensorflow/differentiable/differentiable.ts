import type { tf } from "../../../src/tensorflow/tf.ts";

export interface Input {
  shape: number[];
  values: Float32Array;
}

/** A function of tensors and a point at which it can be differentiated. */
export interface Differentiable {
  /** The kernel whose gradient is looked at. */
  kernel: string;
  title?: string;
  inputs: Input[];
  of: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** The function whose derivative TensorFlow.js takes instead. */
  like?: Differentiable["of"];
}

/** The numbers from 0 to below `size` in a mixed order. */
function mixed(size: number): number[] {
  const stride = [7, 11, 13, 17, 5].find((number) => size % number !== 0)!;
  return Array.from({ length: size }, (_, i) => (i * stride + 3) % size);
}

const sizeOf = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** Values from `from` to `to`, evenly spread: all different, so that no maximum is doubtful. */
export function spread(shape: number[], from = -1, to = 1): Input {
  const size = sizeOf(shape);
  const values = mixed(size).map((place) => from + ((place + 0.31) / size) * (to - from));
  return { shape, values: Float32Array.from(values) };
}

/**
 * Values a quarter apart, none of them near a multiple of a half, where functions bend or jump; two inputs with starts that
 * are an eighth apart have no value in common.
 */
export function quarters(shape: number[], start: number): Input {
  return { shape, values: Float32Array.from(mixed(sizeOf(shape)), (place) => start + place / 4) };
}

export const positive = (shape: number[]): Input => spread(shape, 0.4, 2);

export const as2d = (x: tf.Tensor): tf.Tensor2D => x as tf.Tensor2D;
export const as3d = (x: tf.Tensor): tf.Tensor3D => x as tf.Tensor3D;
export const as4d = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;
export const as5d = (x: tf.Tensor): tf.Tensor5D => x as tf.Tensor5D;

/** A batch of two small pictures of two channels. */
export const pictures = (): Input => spread([2, 4, 4, 2]);
