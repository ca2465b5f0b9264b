import { symmetricEigen } from "../../symmetricEigen.ts";

/** The product of the rows' transpose with the rows, in double precision: `size` x `size`. */
function gramMatrix(rows: Float32Array, size: number): Float64Array {
  const gram = new Float64Array(size * size);
  for (let start = 0; start < rows.length; start += size) {
    const row = Float64Array.from(rows.subarray(start, start + size));
    for (let i = 0; i < size; i++) {
      const value = row[i]!;
      for (let j = 0, at = i * size; j <= i; j++) gram[at++]! += value * row[j]!;
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j]!;
  return gram;
}

/**
 * The matrix of ZCA whitening (Krizhevsky 2009, appendix A), as Keras computes it from the singular values s and vectors U of the data X: `U diag(sqrt(n) / (s + epsilon)) Uᵀ`.
 *
 * @param rows n pictures of `size` values, centred
 * @param epsilon what is added to each singular value
 */
export function whiteningMatrix(rows: Float32Array, size: number, epsilon: number): Float32Array {
  const count = rows.length / size;
  const { values, vectors } = symmetricEigen(gramMatrix(rows, size), size);
  // Of fewer pictures than values there are fewer singular values: the greatest ones.
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!).slice(0, count);
  const matrix = new Float64Array(size * size);
  for (const k of order) {
    const factor = Math.sqrt(count) / (Math.sqrt(Math.max(values[k]!, 0)) + epsilon);
    for (let i = 0; i < size; i++) {
      const value = vectors[k * size + i]! * factor;
      for (let j = 0, at = i * size; j < size; j++) matrix[at++]! += value * vectors[k * size + j]!;
    }
  }
  return Float32Array.from(matrix);
}
