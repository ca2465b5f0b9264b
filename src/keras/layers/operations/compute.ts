import type { tf } from "../../../tensorflow/tf.ts";

/** Settings of an operation, in camelCase. */
export type Options = Readonly<Record<string, unknown>>;

/** What an operation of Keras computes; operands come before settings. */
export type Compute = (operands: tf.Tensor[], options: Options) => tf.Tensor | tf.Tensor[];

/** Operations under Keras' names in camelCase. */
export type Operations = Readonly<Record<string, Compute>>;

export const unary =
  (compute: (x: tf.Tensor) => tf.Tensor): Compute =>
  ([x]) =>
    compute(x!);

export const binary =
  (compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Compute =>
  ([a, b]) =>
    compute(a!, b!);

/** One axis, or several; undefined for all. */
export const axesOf = ({ axis }: Options): number | number[] | undefined =>
  (axis as number | number[] | null | undefined) ?? undefined;
