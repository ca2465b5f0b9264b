import seedrandom from "seedrandom";
import type { Random } from "./drawTransform.ts";

/** Random numbers: with a seed always the same ones, others for each place in what they are for. */
export function randomOf(seed: number | undefined, ...place: number[]): Random {
  // Looked up when it is used: setRandomSeed puts another function there.
  return seed === undefined ? () => Math.random() : seedrandom.alea([seed, ...place].join(" "));
}
