import seedrandom from "seedrandom";
import type { Features } from "./features.ts";
import { symmetricEigen } from "../symmetricEigen.ts";

/** Points in the directions in which they differ most. */
export interface PrincipalComponents {
  /** For each row its coordinates. */
  points: number[][];
  /** The share of the variance in each direction. */
  ratios: number[];
}

/** Lanczos' space grows up to this; the first few directions are found long before. */
const mostSteps = 240;
/** How far a direction may still turn, relative to its length. */
const tolerance = 1e-8;

/**
 * The first principal components of the rows, by Lanczos' method on the covariance with full reorthogonalisation. As in scikit-learn, of
 * the two signs of a direction the one is taken with which its largest entry is positive.
 */
export function principalComponents(
  { values, count, size }: Features,
  components: number,
): PrincipalComponents {
  const centred = centre(values, count, size);
  const variance = dot(centred, centred);
  const directions = largestDirections(centred, { count, size }, components);
  const points = Array.from({ length: count }, (_, row) =>
    directions.map(({ vector }) => dot(centred.subarray(row * size, (row + 1) * size), vector)),
  );
  return { points, ratios: directions.map(({ value }) => (variance === 0 ? 0 : value / variance)) };
}

interface Direction {
  value: number;
  vector: Float64Array;
}

function largestDirections(
  rows: Float64Array,
  { count, size }: { count: number; size: number },
  wanted: number,
): Direction[] {
  const random = seedrandom("directions");
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let next = normalized(Float64Array.from({ length: size }, () => random() - 0.5));
  for (let step = 1; step <= Math.min(size, mostSteps); step++) {
    basis.push(next);
    const image = applyCovariance(rows, { count, size }, next);
    diagonal.push(dot(image, next));
    // Twice, since once leaves what rounding makes of it.
    for (let pass = 0; pass < 2; pass++) {
      for (const vector of basis) subtract(image, vector, dot(image, vector));
    }
    const length = Math.sqrt(dot(image, image));
    const isDone =
      length <= 1e-12 * Math.max(...diagonal.map(Math.abs)) || step === Math.min(size, mostSteps);
    // Looking costs more than a step: after 16 steps, 32, 64 and so on.
    if (isDone || (step >= 16 && Number.isInteger(Math.log2(step)))) {
      const { values, vectors } = eigenOf(diagonal, beside);
      const errors = vectors
        .slice(0, wanted)
        .map((vector, i) => (length * Math.abs(vector.at(-1)!)) / values[i]!);
      if (isDone || (values.length >= wanted && errors.every((error) => error < tolerance))) {
        return Array.from({ length: wanted }, (_, i) => ({
          value: values[i] ?? 0,
          vector: combine(basis, vectors[i], size),
        }));
      }
    }
    beside.push(length);
    next = image.map((value) => value / length);
  }
  return [];
}

/** Of the matrix with these numbers on and beside its diagonal: eigenvalues, the largest first, each with its eigenvector. */
function eigenOf(
  diagonal: readonly number[],
  beside: readonly number[],
): { values: number[]; vectors: Float64Array[] } {
  const size = diagonal.length;
  const matrix = new Float64Array(size * size);
  diagonal.forEach((value, i) => {
    matrix[i * size + i] = value;
    if (i < size - 1) matrix[i * size + i + 1] = matrix[(i + 1) * size + i] = beside[i]!;
  });
  const { values, vectors } = symmetricEigen(matrix, size);
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!);
  return {
    values: order.map((i) => values[i]!),
    vectors: order.map((i) => vectors.subarray(i * size, (i + 1) * size)),
  };
}

function combine(
  basis: readonly Float64Array[],
  weights: Float64Array | undefined,
  size: number,
): Float64Array {
  const vector = new Float64Array(size);
  if (weights === undefined) return vector;
  basis.forEach((each, i) => {
    subtract(vector, each, -weights[i]!);
  });
  const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}

/** The rows, transposed, times the rows, times the vector. */
function applyCovariance(
  rows: Float64Array,
  { count, size }: { count: number; size: number },
  vector: Float64Array,
): Float64Array {
  const image = new Float64Array(size);
  for (let row = 0; row < count; row++) {
    const own = rows.subarray(row * size, (row + 1) * size);
    subtract(image, own, -dot(own, vector));
  }
  return image;
}

function centre(values: Float32Array, count: number, size: number): Float64Array {
  const centred = Float64Array.from(values);
  for (let column = 0; column < size; column++) {
    let sum = 0;
    for (let i = column; i < centred.length; i += size) sum += centred[i]!;
    for (let i = column; i < centred.length; i += size) centred[i]! -= sum / count;
  }
  return centred;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(from: Float64Array, vector: Float64Array, times: number): void {
  for (let i = 0; i < from.length; i++) from[i]! -= times * vector[i]!;
}

function normalized(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}
