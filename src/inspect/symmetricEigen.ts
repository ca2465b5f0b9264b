/** Eigenvalues, largest first, each with its eigenvector of length 1. */
export interface Eigen {
  values: number[];
  vectors: Float64Array[];
}

/** More sweeps are never needed: each squares what is left beside the diagonal. */
const mostSweeps = 60;

/** The eigenvalues of a small symmetric matrix, by rotations that clear its entries one after the other (Jacobi). */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const size = matrix.length;
  const rows = matrix.map((row) => Float64Array.from(row));
  const vectors = rows.map((_, i) => Float64Array.from(rows, (__, j) => Number(i === j)));
  for (let sweep = 0; sweep < mostSweeps && restOf(rows) > 0; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(rows, vectors, p, q);
    }
  }
  const order = rows.map((_, i) => i).sort((a, b) => rows[b]![b]! - rows[a]![a]!);
  return { values: order.map((i) => rows[i]![i]!), vectors: order.map((i) => vectors[i]!) };
}

/** What is left beside the diagonal, as far as it counts. */
function restOf(rows: readonly Float64Array[]): number {
  const scale = Math.max(...rows.map((row, i) => Math.abs(row[i]!)));
  let rest = 0;
  rows.forEach((row, i) => {
    for (let j = i + 1; j < rows.length; j++) rest += row[j]! ** 2;
  });
  return rest > (1e-15 * scale) ** 2 ? rest : 0;
}

/** Turns the plane of two axes so that their entry becomes 0. The vectors are kept as rows. */
function rotate(rows: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const entry = rows[p]![q]!;
  if (entry === 0) return;
  const theta = (rows[q]![q]! - rows[p]![p]!) / (2 * entry);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (a: Float64Array, b: Float64Array): void => {
    for (let i = 0; i < a.length; i++) {
      [a[i], b[i]] = [cosine * a[i]! - sine * b[i]!, sine * a[i]! + cosine * b[i]!];
    }
  };
  for (const row of rows)
    [row[p], row[q]] = [cosine * row[p]! - sine * row[q]!, sine * row[p]! + cosine * row[q]!];
  turn(rows[p]!, rows[q]!);
  turn(vectors[p]!, vectors[q]!);
}
