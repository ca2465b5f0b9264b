/** Eigenvalues of a matrix, and for each a row with its eigenvector of length 1. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array;
}

/** A matrix with numbers beside its diagonal only, and the rotations that made it, one row for each column of the original. */
interface Tridiagonal {
  diagonal: Float64Array;
  beside: Float64Array;
  basis: Float64Array;
}

/** Householder's reflections (Golub and Van Loan, Matrix Computations, 8.3.1): `matrix = basisᵀ T basis`. */
function tridiagonalize(matrix: Float64Array, size: number): Tridiagonal {
  const a = Float64Array.from(matrix);
  const basis = new Float64Array(size * size);
  for (let i = 0; i < size; i++) basis[i * size + i] = 1;
  const beside = new Float64Array(size);
  const reflection = new Float64Array(size);
  const product = new Float64Array(size);
  for (let k = 0; k < size - 1; k++) {
    let norm = 0;
    for (let i = k + 1; i < size; i++) norm += a[k * size + i]! ** 2;
    const first = a[k * size + k + 1]!;
    const alpha = first > 0 ? -Math.sqrt(norm) : Math.sqrt(norm);
    beside[k] = alpha;
    const half = norm - alpha * first;
    // Nothing is left to remove.
    if (half === 0) continue;
    for (let i = k + 1; i < size; i++) reflection[i] = a[k * size + i]!;
    reflection[k + 1]! -= alpha;
    let along = 0;
    for (let i = k + 1; i < size; i++) {
      let sum = 0;
      for (let j = k + 1, at = i * size + j; j < size; j++) sum += a[at++]! * reflection[j]!;
      product[i] = sum / half;
      along += product[i]! * reflection[i]!;
    }
    for (let i = k + 1; i < size; i++) product[i]! -= (along / (2 * half)) * reflection[i]!;
    for (let i = k + 1; i < size; i++) {
      const [left, right] = [reflection[i]!, product[i]!];
      for (let j = k + 1, at = i * size + j; j < size; j++) {
        a[at++]! -= left * product[j]! + right * reflection[j]!;
      }
    }
    // The basis gets the same reflection; its first k + 1 rows stay.
    product.fill(0);
    for (let i = k + 1; i < size; i++) {
      const value = reflection[i]!;
      for (let j = 0, at = i * size; j < size; j++) product[j]! += value * basis[at++]!;
    }
    for (let i = k + 1; i < size; i++) {
      const value = reflection[i]! / half;
      for (let j = 0, at = i * size; j < size; j++) basis[at++]! -= value * product[j]!;
    }
  }
  const diagonal = Float64Array.from({ length: size }, (_, i) => a[i * size + i]!);
  return { diagonal, beside, basis };
}

/** The first place from `start` on after which nothing couples the diagonal's numbers. */
function blockEnd(diagonal: Float64Array, beside: Float64Array, start: number): number {
  let end = start;
  while (end < diagonal.length - 1) {
    const scale = Math.abs(diagonal[end]!) + Math.abs(diagonal[end + 1]!);
    if (Math.abs(beside[end]!) <= Number.EPSILON * scale) break;
    end++;
  }
  return end;
}

/** One implicit QR step with Wilkinson's shift between `start` and `end`, from below (the QL form, Numerical Recipes 11.4). */
function qlStep({ diagonal, beside, basis }: Tridiagonal, start: number, end: number): void {
  const size = diagonal.length;
  const half = (diagonal[start + 1]! - diagonal[start]!) / (2 * beside[start]!);
  const root = Math.hypot(half, 1);
  let g = diagonal[end]! - diagonal[start]! + beside[start]! / (half + (half >= 0 ? root : -root));
  let [sin, cos, p] = [1, 1, 0];
  for (let i = end - 1; i >= start; i--) {
    const f = sin * beside[i]!;
    const b = cos * beside[i]!;
    const radius = Math.hypot(f, g);
    beside[i + 1] = radius;
    if (radius === 0) {
      diagonal[i + 1]! -= p;
      beside[end] = 0;
      return;
    }
    sin = f / radius;
    cos = g / radius;
    g = diagonal[i + 1]! - p;
    const turn = (diagonal[i]! - g) * sin + 2 * cos * b;
    p = sin * turn;
    diagonal[i + 1] = g + p;
    g = cos * turn - b;
    for (let j = 0, at = i * size, below = at + size; j < size; j++, at++, below++) {
      const [upper, lower] = [basis[at]!, basis[below]!];
      basis[below] = sin * upper + cos * lower;
      basis[at] = cos * upper - sin * lower;
    }
  }
  diagonal[start]! -= p;
  beside[start] = g;
  beside[end] = 0;
}

/** Eigenvalues and eigenvectors of a symmetric matrix of `size` rows, in no order. */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const tridiagonal = tridiagonalize(matrix, size);
  const { diagonal, beside, basis } = tridiagonal;
  for (let start = 0; start < size; start++) {
    for (let end = blockEnd(diagonal, beside, start); end > start; end = blockEnd(diagonal, beside, start)) {
      qlStep(tridiagonal, start, end);
    }
  }
  return { values: diagonal, vectors: basis };
}
