import { nearestOf, squaredDistances } from "./distances.ts";
import type { Features } from "./features.ts";

/** How much a picture of points in the plane tells about the rows that they stand for. */
export interface Faithfulness {
  /** The share of the `k` nearest rows that are also among the `k` nearest points. */
  kept: number;
  k: number;
  /** The share of points whose nearest point has the same label; only with labels. */
  agreement?: number;
}

/** Compares the neighbours of rows with those of their points. */
export function compareNeighbourhoods(
  features: Features,
  points: readonly number[][],
  labels: readonly string[] | undefined,
): Faithfulness {
  const { count } = features;
  const plane = squaredDistances({ values: Float32Array.from(points.flat()), count, size: 2 });
  const rows = squaredDistances(features);
  const k = Math.min(10, count - 1);
  let [kept, agreeing] = [0, 0];
  for (let i = 0; i < count; i++) {
    const near = nearestOf(plane, count, i, k);
    const known = new Set(near);
    kept += nearestOf(rows, count, i, k).filter((index) => known.has(index)).length;
    agreeing += Number(labels !== undefined && labels[i] === labels[near[0]!]);
  }
  return { kept: kept / (count * k), k, ...(labels && { agreement: agreeing / count }) };
}
