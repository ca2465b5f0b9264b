import seedrandom from "seedrandom";
import { squaredDistances } from "./distances.ts";
import type { Features } from "./features.ts";
import { goOn, type AfterBatch } from "./heatMap.ts";
import { principalComponents } from "./principalComponents.ts";

interface Options {
  /** About how many neighbours each row has; at most a third of the rows. */
  perplexity: number;
  /** How many steps. */
  iterations?: number;
  seed: number;
  /** Called every ten steps. */
  afterBatch?: AfterBatch;
}

/** In the first steps attraction is this much stronger, so that groups find together. */
const exaggeration = { factor: 12, steps: 250 };

/**
 * Rows as points in the plane, near ones near (t-SNE; van der Maaten and Hinton 2008), computed exactly. Settings are scikit-learn's:
 * it begins with the principal components, and the step is `rows / 48`, at least 50.
 *
 * @returns for each row its two coordinates
 */
export async function stochasticNeighbours(
  features: Features,
  { perplexity, iterations = 750, seed, afterBatch = goOn }: Options,
): Promise<number[][]> {
  const { count } = features;
  const near = neighbourhood(squaredDistances(features), count, perplexity);
  const points = startingPoints(features, seed);
  const [gains, velocity] = [new Float64Array(2 * count).fill(1), new Float64Array(2 * count)];
  const step = Math.max(50, count / (4 * exaggeration.factor));
  for (let iteration = 0; iteration < iterations; iteration++) {
    const isEarly = iteration < exaggeration.steps;
    const gradient = gradientOf(near, points, count, isEarly ? exaggeration.factor : 1);
    for (let i = 0; i < points.length; i++) {
      const isTurning = velocity[i]! * gradient[i]! > 0;
      gains[i] = Math.max(0.01, isTurning ? gains[i]! * 0.8 : gains[i]! + 0.2);
      velocity[i] = (isEarly ? 0.5 : 0.8) * velocity[i]! - step * gains[i]! * gradient[i]!;
      points[i]! += velocity[i]!;
    }
    if (iteration % 10 === 9) await afterBatch(iteration + 1, iterations);
  }
  return Array.from({ length: count }, (_, i) => [points[2 * i]!, points[2 * i + 1]!]);
}

/** The first two components, brought to a deviation of 1e-4; a little noise parts rows that are equal. */
function startingPoints(features: Features, seed: number): Float64Array {
  const { points } = principalComponents(features, 2);
  const random = seedrandom(String(seed));
  const deviation = Math.sqrt(points.reduce((sum, [x]) => sum + x! ** 2, 0) / points.length) || 1;
  return Float64Array.from(points.flat(), (value) => (value / deviation) * 1e-4 + (random() - 0.5) * 1e-6);
}

/** How near rows are to one another, symmetric, summing to 1: the width of each row's neighbourhood is found by bisection. */
function neighbourhood(distances: Float32Array, count: number, perplexity: number): Float64Array {
  const wanted = Math.log(perplexity);
  const near = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    const own = distances.subarray(row * count, (row + 1) * count);
    const least = own.reduce((min, distance, i) => (i === row ? min : Math.min(min, distance)), Infinity);
    let [beta, low, high] = [1, 0, Infinity];
    for (let attempt = 0; attempt < 100; attempt++) {
      let [sum, weighted] = [0, 0];
      for (let i = 0; i < count; i++) {
        // Relative to the nearest row, so that not all vanish.
        const share = i === row ? 0 : Math.exp(-(own[i]! - least) * beta);
        near[row * count + i] = share;
        sum += share;
        weighted += share * (own[i]! - least);
      }
      for (let i = 0; i < count; i++) near[row * count + i]! /= sum;
      const difference = Math.log(sum) + (beta * weighted) / sum - wanted;
      if (Math.abs(difference) < 1e-5) break;
      if (difference > 0) low = beta;
      else high = beta;
      beta = high === Infinity ? beta * 2 : (low + high) / 2;
    }
  }
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const both = Math.max((near[i * count + j]! + near[j * count + i]!) / (2 * count), 1e-12);
      near[i * count + j] = near[j * count + i] = both;
    }
  }
  return near;
}

function gradientOf(near: Float64Array, points: Float64Array, count: number, factor: number): Float64Array {
  const attraction = new Float64Array(2 * count);
  const repulsion = new Float64Array(2 * count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const x = points[2 * i]! - points[2 * j]!;
      const y = points[2 * i + 1]! - points[2 * j + 1]!;
      const kernel = 1 / (1 + x * x + y * y);
      sum += 2 * kernel;
      const pull = near[i * count + j]! * kernel;
      const push = kernel * kernel;
      attraction[2 * i]! += pull * x;
      attraction[2 * i + 1]! += pull * y;
      attraction[2 * j]! -= pull * x;
      attraction[2 * j + 1]! -= pull * y;
      repulsion[2 * i]! += push * x;
      repulsion[2 * i + 1]! += push * y;
      repulsion[2 * j]! -= push * x;
      repulsion[2 * j + 1]! -= push * y;
    }
  }
  return attraction.map((pull, i) => 4 * (factor * pull - repulsion[i]! / sum));
}
