import { tf } from "../tensorflow/tf.ts";
import type { Features } from "./features.ts";

/** The squared distance of two rows. */
export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/** 1 less the cosine of the angle of two rows; 1 where one of them is zero. */
export function cosineDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, lengthA, lengthB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    lengthA += a[i]! ** 2;
    lengthB += b[i]! ** 2;
  }
  const lengths = Math.sqrt(lengthA * lengthB);
  return lengths === 0 ? 1 : 1 - product / lengths;
}

/** One row of features. */
export function rowOf({ values, size }: Features, row: number): Float32Array {
  return values.subarray(row * size, (row + 1) * size);
}

/** The squared distances of all rows to one another, `count` rows of `count`. */
export function squaredDistances({ values, count, size }: Features): Float32Array {
  return tf.tidy(() => {
    const rows = tf.tensor2d(values, [count, size]);
    // Relative to the mean, so that little is lost where large numbers are subtracted.
    const centred = rows.sub<tf.Tensor2D>(rows.mean(0));
    const lengths = centred.square().sum(1);
    const products = tf.matMul(centred, centred, false, true).mul(-2);
    const distances = products.add(lengths.expandDims(1)).add(lengths.expandDims(0)).relu();
    return new Float32Array(distances.dataSync());
  });
}

/** The indices of the `k` smallest of a row of distances but the row's own, nearest first. */
export function nearestOf(distances: Float32Array, count: number, row: number, k: number): number[] {
  const own = distances.subarray(row * count, (row + 1) * count);
  return Array.from(own.keys())
    .filter((index) => index !== row)
    .sort((a, b) => own[a]! - own[b]! || a - b)
    .slice(0, k);
}
