import assert from "node:assert/strict";
import type { Batch } from "../../../src/keras/training/batches.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

/** Prints nothing. */
export const quiet = { verbose: 0 } as const;

/** Optimizers hold a tensor, and a model frees only one that it made itself. */
const optimizers: tf.Optimizer[] = [];

/** Stochastic gradient descent, which {@link leavesNothing} disposes of. */
export function sgd(rate: number): tf.Optimizer {
  const optimizer = tf.train.sgd(rate);
  optimizers.push(optimizer);
  return optimizer;
}

/** A tiny network with fixed weights, so that two trainings can be compared. */
export function newModel({ units = 2, loss = "categoricalCrossentropy" } = {}): tf.Sequential {
  const ones = { kernelInitializer: tf.initializers.constant({ value: 0.1 }) };
  const model = tf.sequential();
  model.add(
    tf.layers.dense({
      units: 4,
      activation: "relu",
      inputShape: [3],
      kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
    }),
  );
  model.add(tf.layers.dense({ units, activation: units === 1 ? "sigmoid" : "softmax", ...ones }));
  model.compile({ optimizer: sgd(0.1), loss, metrics: ["accuracy"] });
  return model;
}

/** How many samples there are. */
export const samples = 10;

/** Their inputs, of shape `[10, 3]`, and their targets, `[10, 2]`. */
export const xs = (): tf.Tensor2D => tf.randomUniform<tf.Rank.R2>([samples, 3], -1, 1, "float32", 5);
export const ys = (): tf.Tensor2D =>
  tf.tidy(() => tf.oneHot(tf.range(0, samples, 1, "int32").mod(2).toInt(), 2).toFloat()) as tf.Tensor2D;

/** Batches of 4, 4 and 2. */
export async function* batches(): AsyncGenerator<Batch> {
  const [x, y] = [xs(), ys()];
  try {
    for (let start = 0; start < samples; start += 4) {
      const count = Math.min(4, samples - start);
      await Promise.resolve();
      yield { xs: x.slice([start], [count]), ys: y.slice([start], [count]) };
    }
  } finally {
    tf.dispose([x, y]);
  }
}

/** All numbers of all weights. */
export async function weights(model: tf.LayersModel): Promise<number[]> {
  return (
    await Promise.all(model.getWeights().map(async (weight) => Array.from(await weight.data())))
  ).flat();
}

/** In a suite: gives what disposes of a model and of its optimizer, and asserts that its test has left no tensor. */
export function leavesNothing(): (model: tf.LayersModel) => void {
  let before: number;
  beforeEach(() => (before = tf.memory().numTensors));
  return (model) => {
    model.dispose();
    for (const optimizer of optimizers.splice(0)) optimizer.dispose();
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  };
}
