import { randomNumbers } from "../../tensorflow/kernels/randomNumbers.ts";
import { currentRuntime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";
import { nextScriptSeed, nextSeed } from "./layerSeed.ts";
import { drawSeed, isInStep } from "./stepSeed.ts";

/** Draws numbers of a shape: `uniform` in [0, 1), `normal` with mean 0 and deviation 1. */
export type Draw = (distribution: "uniform" | "normal", shape: readonly number[]) => tf.Tensor;

/** Uniform numbers from `least` up to `most`. */
export function between(draw: Draw, shape: readonly number[], least: number, most: number): tf.Tensor {
  return draw("uniform", shape)
    .mul(most - least)
    .add(least);
}

/**
 * What a layer draws in training, other numbers each time. With a seed they are the same in each run of the program, without one
 * in each run after the same {@link setRandomSeed}. TensorFlow draws them where it can: numbers that JavaScript draws would be constants of a
 * compiled step. To be called in a tidy.
 */
export function drawNoise(layer: tf.layers.Layer, seed: number | null | undefined): Draw {
  const hasSeed = seed !== undefined && seed !== null;
  return (distribution, shape) => {
    // A layer that is called by itself gives the numbers that TensorFlow.js documents for its seed.
    if (currentRuntime() !== undefined && (!hasSeed || isInStep()))
      return randomNumbers(distribution, shape, hasSeed ? nextSeed(layer, seed) : drawSeed());
    const own = hasSeed ? nextScriptSeed(layer, seed) : undefined;
    return distribution === "uniform"
      ? tf.randomUniform([...shape], 0, 1, "float32", own)
      : // Which takes a seed of 0 for none.
        tf.randomNormal([...shape], 0, 1, "float32", own === 0 ? Number.MIN_VALUE : own);
  };
}
