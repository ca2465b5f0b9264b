import * as tf from "@tensorflow/tfjs";
import { dataTypes } from "../dataTypes.ts";
import { attribute } from "../attributes.ts";
import { addKernel, runKernel } from "./nodeKernels.ts";

const operations = { uniform: "StatelessRandomUniform", normal: "StatelessRandomNormal" } as const;

const types = [
  attribute.type("dtype", dataTypes.float),
  attribute.type("T", dataTypes.int32),
  attribute.type("Tseed", dataTypes.int32),
];

/** Adds the kernels of {@link randomNumbers}. */
export function addRandomNumbers(): void {
  for (const operation of Object.values(operations)) {
    addKernel(operation, ({ inputs: { shape, seed }, backend }) =>
      backend.executeSingleOutput(operation, types, [shape!, seed!]),
    );
  }
}

/**
 * Random numbers that TensorFlow draws: `uniform` in [0, 1), `normal` with mean 0 and deviation 1. The same seed gives the same
 * numbers.
 *
 * @param seed two int32
 */
export function randomNumbers(
  distribution: keyof typeof operations,
  shape: readonly number[],
  seed: tf.Tensor1D,
): tf.Tensor {
  return tf.tidy(() =>
    runKernel(operations[distribution], { shape: tf.tensor1d([...shape], "int32"), seed }),
  );
}
