import assert from "node:assert/strict";
import { mock } from "node:test";
import { CompiledComputation } from "../../../src/keras/compiled/compiledComputation.ts";
import { compiledModel } from "../../../src/keras/compiled/compiledModels.ts";
import { scaleLoss } from "../../../src/keras/compiled/lossScale.ts";
import { fit, type FitOptions } from "../../../src/keras/fit.ts";
import { metrics } from "../../../src/keras/metrics.ts";
import { optimizers } from "../../../src/keras/optimizers.ts";
import { inSteps } from "../../../src/keras/training/batches.ts";
import { trainable } from "../../../src/keras/training/trainableModel.ts";
import { setRandomSeed } from "../../../src/tensorflow/randomSeed.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

const size = 8;
const samples = 36;

interface Net {
  more?: () => tf.layers.Layer[];
  optimizer?: () => tf.Optimizer;
  kernel?: () => Partial<Parameters<typeof tf.layers.dense>[0]>;
  metrics?: () => unknown[];
}

const nets: Record<string, Net> = {
  "dropout, batch normalisation and Adam": {
    more: () => [tf.layers.dropout({ rate: 0.4 }), tf.layers.batchNormalization()],
    optimizer: () => optimizers.adam(),
  },
  "the seed of a layer, and RMSprop": {
    more: () => [tf.layers.dropout({ rate: 0.4, seed: 3 })],
    optimizer: () => tf.train.rmsprop(0.01),
  },
  "constraints, penalties and momentum": {
    kernel: () => ({
      kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5 }),
      kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
    }),
    optimizer: () => optimizers.sgd({ learningRate: 0.1, momentum: 0.9 }),
  },
  "a learning rate that is another one at each step": {
    optimizer: () =>
      optimizers.sgd({
        learningRate: optimizers.schedules.exponentialDecay({
          initialLearningRate: 0.5,
          decaySteps: 2,
          decayRate: 0.5,
        }),
      }),
  },
  "an optimizer whose own code is in the step": {
    optimizer: () => optimizers.nadam({ clipnorm: 0.1 }),
  },
  "metrics that count over batches": {
    metrics: () => ["accuracy", metrics.precision()],
  },
};

function newModel({
  more = () => [],
  optimizer = () => tf.train.sgd(0.1),
  ...net
}: Net = {}): tf.LayersModel {
  setRandomSeed(1);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 6, activation: "relu", inputShape: [5], ...net.kernel?.() }),
      ...more(),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  const given = (net.metrics?.() ?? ["accuracy"]) as string[];
  model.compile({ optimizer: optimizer(), loss: "categoricalCrossentropy", metrics: given });
  return model;
}

/** Weights, what the optimizer remembers, and its count of steps. */
async function stateOf(model: tf.LayersModel): Promise<number[][]> {
  const remembered = (await model.optimizer.getWeights()).map(({ tensor }) => tensor);
  const values = [...model.getWeights(), ...remembered].map((tensor) => Array.from(tensor.dataSync()));
  // The count of steps is a tensor of its own.
  remembered[0]!.dispose();
  return values;
}

function dispose(model: tf.LayersModel): void {
  model.optimizer.dispose();
  model.dispose();
}

describe("several steps in one call", function () {
  this.timeout(60_000);
  let data: { x: tf.Tensor; y: tf.Tensor };
  before(needTensorflow);
  beforeEach(() => {
    data = {
      x: tf.randomNormal([samples, 5], 0, 1, "float32", 1),
      y: tf.tidy(() => tf.oneHot(tf.range(0, samples, 1, "int32").mod(3).toInt(), 3).toFloat()),
    };
  });
  afterEach(() => {
    mock.restoreAll();
    tf.dispose({ ...data });
  });

  /** Trains 13 steps: one that is recorded, and three calls of four, or twelve of one. */
  async function train(net: Net, together: boolean): Promise<{ values: number[][]; state: number[][] }> {
    const model = newModel(net);
    const { training } = compiledModel(trainable(model, "test"));
    const tensors = [data.x, data.y];
    const rows = Int32Array.from({ length: 13 * size }, (_, index) => (index * 7) % samples);
    const [first, ...rest] = inSteps({ tensors, rows, size });
    const values: number[][] = [];
    const note = (outputs: tf.Tensor[]): void => {
      const lists = outputs.map((output) => output.dataSync());
      lists[0]!.forEach((_, step) => values.push(lists.map((list) => list[step]!)));
      tf.dispose(outputs);
    };
    note(await training.runAsync(first!));
    if (together) for (const at of [0, 4, 8]) note(await training.runStepsAsync(rest.slice(at, at + 4)));
    else for (const batch of rest) note(await training.runAsync(batch));
    const state = await stateOf(model);
    dispose(model);
    return { values, state };
  }

  for (const [what, net] of Object.entries(nets)) {
    it(`give the values and weights of as many calls, to the last bit, with ${what}`, async () => {
      const wanted = await train(net, false);
      assert.equal(wanted.values.length, 13);
      assert.deepEqual(await train(net, true), wanted);
    });
  }

  it("are taken one by one where nothing is compiled", async () => {
    const model = newModel();
    const { training } = compiledModel(trainable(model, "test"));
    const rows = Int32Array.from({ length: 2 * size }, (_, index) => index);
    const outputs = await training.runStepsAsync(inSteps({ tensors: [data.x, data.y], rows, size }));
    assert.deepEqual(
      outputs.map(({ shape }) => shape),
      [[2], [2]],
    );
    assert.equal(model.optimizer.iterations, 2);
    tf.dispose(outputs);
    dispose(model);
  });

  /** How many steps the calls of a training had that had several, and what the training gave. */
  async function longFit(options: FitOptions = {}, { isScaled = false } = {}) {
    const model = newModel(nets["dropout, batch normalisation and Adam"]);
    if (isScaled) scaleLoss(model.optimizer);
    const several = mock.method(CompiledComputation.prototype, "runStepsAsync");
    const given = { epochs: 270, batchSize: size, verbose: 0, ...options } as const;
    const { history } = await fit(model, data, given);
    const calls = several.mock.calls.map(({ arguments: [batches] }) => batches.length);
    mock.restoreAll();
    const state = await stateOf(model);
    dispose(model);
    return { calls, history, state };
  }

  it("are what fit makes of many short ones that nobody watches, to equal history and weights", async () => {
    const tensors = tf.memory().numTensors;
    const [alone, watched] = [await longFit(), await longFit({ callbacks: { onBatchEnd: () => undefined } })];
    assert(alone.calls.length > 10 && alone.calls.every((steps) => steps === 4));
    assert.deepEqual(watched.calls, []);
    assert.deepEqual(alone.history, watched.history);
    assert.deepEqual(alone.state, watched.state);
    assert.equal(tf.memory().numTensors, tensors);
  });

  it("are not made where onBatchBegin watches, or steps of an epoch are counted", async () => {
    assert.deepEqual((await longFit({ callbacks: { onBatchBegin: () => undefined } })).calls, []);
    assert.deepEqual((await longFit({ stepsPerEpoch: 5 })).calls, []);
  });

  it("are not made where a step that overflows does not count", async () => {
    assert.deepEqual((await longFit({}, { isScaled: true })).calls, []);
  });

  it("end at once when the training is stopped", async () => {
    const model = newModel();
    const stop = new AbortController();
    const step = mock.method(
      CompiledComputation.prototype,
      "runStepsAsync",
      function (this: CompiledComputation, batches: never) {
        stop.abort();
        return original.call(this, batches);
      },
    );
    await assert.rejects(
      fit(model, data, { epochs: 1000, batchSize: size, verbose: 0, signal: stop.signal }),
      { name: "AbortError" },
    );
    assert.equal(step.mock.callCount(), 1);
    dispose(model);
  });
});

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its object
const original = CompiledComputation.prototype.runStepsAsync;
