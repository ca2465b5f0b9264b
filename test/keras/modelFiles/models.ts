import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tf } from "../../../src/tensorflow/tf.ts";

export const fixtures = join(import.meta.dirname, "../../fixtures/keras");
/** Models that Keras has saved: test/fixtures/keras/makeModels.py. */
export const models = join(fixtures, "models");
/** What it predicts with them, and of what. */
export const expected = JSON.parse(readFileSync(join(models, "expected.json"), "utf8")) as {
  input: number[];
  predictions: Record<string, number[][]>;
};
export const shape: [number, number, number, number] = [2, 8, 8, 3];

/** What a model makes of that input: the numbers of each output. */
export async function predict(model: tf.LayersModel): Promise<number[][]> {
  const outputs = tf.tidy(() => [model.predict(tf.tensor4d(expected.input, shape))].flat());
  const values = await Promise.all(outputs.map(async (output) => Array.from(await output.data())));
  tf.dispose(outputs);
  return values;
}

export function assertClose(found: number[][], wanted: number[][], limit = 1e-5): void {
  assert.deepEqual(
    found.map((values) => values.length),
    wanted.map((values) => values.length),
  );
  found.forEach((values, output) =>
    values.forEach((value, index) => {
      const target = wanted[output]![index]!;
      const scale = Math.max(1, Math.abs(target));
      assert(
        Math.abs(value - target) <= limit * scale,
        `output ${output}, value ${index}: ${value} is not ${target}`,
      );
    }),
  );
}

/** Every kind of layer of the courses, with weights that a mistake would show. */
export function ourModels(): Record<string, tf.LayersModel> {
  const { layers } = tf;
  const sequential = tf.sequential({
    layers: [
      layers.conv2d({
        filters: 4,
        kernelSize: 3,
        activation: "relu",
        inputShape: [8, 8, 3],
        kernelRegularizer: "l1l2",
      }),
      layers.batchNormalization(),
      layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", name: "mine" }),
      layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
      layers.separableConv2d({ filters: 3, kernelSize: 3, padding: "same", depthMultiplier: 2 }),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.dropout({ rate: 0.5 }),
      layers.flatten(),
      layers.dense({ units: 5, activation: "sigmoid" }),
      layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  sequential.compile({
    optimizer: tf.train.rmsprop(0.003, 0.8),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });

  const input = tf.input({ shape: [8, 8, 3] });
  const apply = (layer: tf.layers.Layer, on: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
    layer.apply(on) as tf.SymbolicTensor;
  const padded = apply(layers.zeroPadding2d({ padding: [1, 1] }), input);
  const left = apply(layers.conv2d({ filters: 4, kernelSize: 3 }), padded);
  const right = apply(
    layers.leakyReLU({ alpha: 0.3 }),
    apply(layers.conv2d({ filters: 4, kernelSize: 3 }), padded),
  );
  const both = apply(layers.concatenate(), [left, apply(layers.add(), [left, right])]);
  const pooled = apply(layers.averagePooling2d({ poolSize: 2 }), both);
  const mean = apply(layers.globalAveragePooling2d({}), pooled);
  const functional = tf.model({
    inputs: input,
    outputs: [
      apply(layers.dense({ units: 2, name: "size" }), mean),
      apply(layers.activation({ activation: "tanh" }), mean),
    ],
  });

  const base = tf.sequential({
    layers: [
      layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3] }),
      layers.batchNormalization(),
    ],
  });
  const nested = tf.sequential({ layers: [base, layers.globalMaxPooling2d({}), layers.dense({ units: 2 })] });
  const all = { sequential, functional, nested };
  for (const model of Object.values(all)) {
    // Positive, so that they also do for variances; different everywhere.
    const weights = tf.tidy(() =>
      model
        .getWeights()
        .map((weight, index) => tf.keep(tf.randomUniform(weight.shape, 0.1, 0.8, "float32", index + 1))),
    );
    model.setWeights(weights);
    tf.dispose(weights);
  }
  return all;
}

/** Sets all weights to zero. */
export function zeroWeights(model: tf.LayersModel): void {
  const zeros = model.getWeights().map((weight) => tf.zerosLike(weight));
  model.setWeights(zeros);
  tf.dispose(zeros);
}

/** In a suite: gives a directory of its own to each test. */
export function emptyDirectory(): () => string {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "models-"))));
  afterEach(() => rmSync(directory, { recursive: true }));
  return () => directory;
}
