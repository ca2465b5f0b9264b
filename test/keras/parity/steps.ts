import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import type { TrainingCallback } from "../../../src/keras/training/callback.ts";
import type { tf } from "../../../src/tensorflow/tf.ts";

/** Steps on the same batch, and the loss before each. */
export async function train(
  model: tf.LayersModel,
  data: { x: tf.Tensor; y: tf.Tensor },
  steps: number,
  callbacks: TrainingCallback = {},
): Promise<number[]> {
  const { history } = await fit(model, data, {
    ...{ epochs: steps, stepsPerEpoch: 1, batchSize: data.x.shape[0], verbose: 0, callbacks },
  });
  return history.loss!;
}

/** Whether numbers are those wanted, but for a tolerance. */
export function near(actual: readonly number[], wanted: readonly number[], tolerance = 1e-5): void {
  assert.equal(actual.length, wanted.length);
  actual.forEach((value, i) => {
    assert(Math.abs(value - wanted[i]!) <= tolerance, `${i}: ${value} instead of ${wanted[i]}`);
  });
}
