import { tf } from "../../tensorflow/tf.ts";

/** How the class of a picture is told: one-hot, its index, the picture itself, or not. */
export type ClassMode = "categorical" | "binary" | "sparse" | "input" | null;

export const classModes: readonly unknown[] = ["categorical", "binary", "sparse", "input", null];

/** Rows of zeros with a one for the class of each, or for each of its classes; also of a single class, which `tf.oneHot` refuses. */
export function oneHot(labels: readonly (number | readonly number[])[], count: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * count);
  labels.forEach((label, row) => {
    for (const one of [label].flat()) values[row * count + one] = 1;
  });
  return tf.tensor2d(values, [labels.length, count]);
}

/** Targets of some pictures, of which each is of one class, or of several. */
export function classTargets(
  labels: readonly (number | readonly number[])[],
  xs: tf.Tensor4D,
  classMode: ClassMode,
  count: number,
): { ys?: tf.Tensor } {
  switch (classMode) {
    case null:
      return {};
    case "input":
      return { ys: xs.clone() };
    case "binary":
    case "sparse":
      return { ys: tf.tensor1d(labels as number[], "float32") };
    case "categorical":
      return { ys: oneHot(labels, count) };
  }
}
