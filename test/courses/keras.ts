import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fit, tf, type FitOptions, type History } from "../../src/index.ts";
import { kerasClass } from "../../src/keras/files/layerClass.ts";
import { setFirstWeights } from "../keras/parity/network.ts";
import { random, take } from "../keras/parity/numbers.ts";

/** What Keras says of a net, and of its first steps. */
interface Expected {
  layers: [className: string, outputShape: (number | null)[], parameters: number][];
  parameters: number;
  trainable: number;
  batch: number;
  steps: number;
  loss: number[];
  accuracy: number[];
}

// Written by Keras: test/fixtures/courses/make.py.
const expected = JSON.parse(
  readFileSync(join(import.meta.dirname, "../fixtures/courses/expected.json"), "utf8"),
) as Record<string, Expected>;

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** How many numbers of a model training may change. */
export const trainableCount = (model: tf.LayersModel): number =>
  sum(model.trainableWeights.map(({ shape }) => tf.util.sizeFromShape(shape as number[])));

/** Whether a model has the layers, output shapes and parameters of Keras' net of that name. */
export function assertLayers(model: tf.LayersModel, name: string): void {
  const { layers, parameters, trainable } = expected[name]!;
  assert.deepEqual(
    model.layers.map((layer) => [kerasClass(layer), layer.outputShape, layer.countParams()]),
    layers,
  );
  assert.equal(model.countParams(), parameters);
  assert.equal(trainableCount(model), trainable);
}

type Layer = tf.layers.Layer;

/** The layers of a model, those of a model inside of it too. */
const layersOf = (layer: Layer | tf.LayersModel): Layer[] =>
  "layers" in layer ? layer.layers.flatMap(layersOf) : [layer];

/** Frees a model and the optimizer that it was compiled with. */
export function disposeModel(model: tf.LayersModel): void {
  const { optimizer } = model;
  model.dispose();
  optimizer?.dispose();
}

interface Data {
  x: tf.Tensor;
  y: tf.Tensor;
}

/** Dark noise, and a class for each picture. */
function drawData(model: tf.LayersModel, count: number): Data {
  const shape = [count, ...(model.inputs[0]!.shape.slice(1) as number[])];
  const classes = model.outputs[0]!.shape.at(-1)!;
  const x = tf.tensor(
    take(random(2), shape, (u) => u / 4),
    shape,
  );
  const chosen = take(random(3), [count], (u) => Math.floor(u * Math.max(2, classes)));
  const y = classes === 1 ? tf.tensor2d(chosen, [count, 1]) : tf.oneHot(Array.from(chosen), classes);
  return { x, y };
}

/** What a training begins with: a model that has its first weights, and how `fit` is told to report each step. */
export function prepareSteps(model: tf.LayersModel, name: string): { data: Data; options: FitOptions } {
  const { batch, steps } = expected[name]!;
  setFirstWeights(layersOf(model));
  const data = drawData(model, batch * steps);
  const options = { batchSize: batch, epochs: steps, stepsPerEpoch: 1, shuffle: false, verbose: 0 as const };
  return { data, options };
}

/** Whether the losses and accuracies of a training, step by step, are those of Keras' net of that name. */
export function assertSteps({ history }: History, name: string, tolerance: number): void {
  const { batch, loss, accuracy } = expected[name]!;
  for (const [step, wanted] of loss.entries()) {
    const found = history.loss![step]!;
    assert(
      Math.abs(found - wanted) <= tolerance * wanted,
      `loss of step ${step + 1}: ${found} is not ${wanted}`,
    );
  }
  const right = (parts: readonly number[]) => parts.map((part) => Math.round(part * batch));
  assert.deepEqual(right(history.accuracy!), right(accuracy));
}

/**
 * Whether a compiled model takes the same first steps as Keras' net of that name: the same losses from the same weights on the
 * same batches.
 *
 * @param tolerance how far a loss may be from Keras', as a part of it
 */
export async function assertFollows(model: tf.LayersModel, name: string, tolerance = 1e-3): Promise<void> {
  const { data, options } = prepareSteps(model, name);
  const history = await fit(model, data, options);
  tf.dispose({ ...data });
  assertSteps(history, name, tolerance);
}
