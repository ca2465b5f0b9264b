import seedrandom from "seedrandom";
import { rowOf } from "./distances.ts";
import type { Features } from "./features.ts";
import { goOn, type AfterBatch } from "./heatMap.ts";

interface Options {
  /** How many neighbours each row is seen with. */
  neighbours: number;
  seed: number;
  /** Called every ten steps. */
  afterBatch?: AfterBatch;
}

/**
 * Rows as points in the plane by UMAP (McInnes, Healy and Melville 2018), as umap-js computes it.
 *
 * @returns for each row its two coordinates
 */
export async function manifold(
  features: Features,
  { neighbours, seed, afterBatch = goOn }: Options,
): Promise<number[][]> {
  const { UMAP } = await import("umap-js");
  const random = seedrandom(String(seed));
  const umap = new UMAP({ nComponents: 2, nNeighbors: neighbours, minDist: 0.1, random });
  const rows = Array.from({ length: features.count }, (_, i) => Array.from(rowOf(features, i)));
  const epochs = umap.initializeFit(rows);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 10 === 9) await afterBatch(epoch + 1, epochs);
  }
  return umap.getEmbedding();
}
