import assert from "node:assert/strict";
import "../../../src/keras/fit.ts";
import { callbacks } from "../../../src/keras/callbacks.ts";
import { trainable } from "../../../src/keras/training/trainableModel.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";

const count = 10;

function newModel(layer: Partial<Parameters<typeof tf.layers.dense>[0]> = {}): tf.Sequential {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 4 });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, activation: "softmax", inputShape: [4], kernelInitializer, ...layer }),
    ],
  });
  model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

/** TensorFlow.js's own loop, which gathers each batch itself, for three epochs of batches of four. */
function ownLoop(
  model: tf.LayersModel,
  [x, y]: [tf.Tensor, tf.Tensor],
  { validated, callbacks = [] }: { validated?: [tf.Tensor, tf.Tensor]; callbacks?: tf.Callback[] },
): Promise<tf.History> {
  const inner = trainable(model, "test");
  inner.makeTestFunction();
  const names = ["loss", "acc"];
  const all = validated ? [...names, "val_loss", "val_acc"] : names;
  const loop = inner as unknown as { fitLoop(...rest: unknown[]): Promise<tf.History> };
  const training = [inner.makeTrainFunction(), [x, y], names, 4, 3, 0, callbacks];
  const validation = validated ? [inner.testFunction, validated] : [undefined, undefined];
  return loop.fitLoop(...training, ...validation, false, all);
}

describe("model.fit", () => {
  let before: number;
  let x: tf.Tensor;
  let y: tf.Tensor;
  let model: tf.Sequential;
  const quiet = { batchSize: 4, epochs: 3, shuffle: false, verbose: 0 } as const;
  beforeEach(() => {
    before = tf.memory().numTensors;
    x = tf.randomUniform([count, 4], -1, 1, "float32", 5);
    y = tf.tidy(() => tf.oneHot(tf.range(0, count, 1, "int32").mod(2).toInt(), 2).toFloat());
    model = newModel();
  });
  afterEach(() => {
    model.dispose();
    tf.dispose([x, y]);
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  });

  const near = (actual: readonly (number | tf.Tensor)[], wanted: readonly (number | tf.Tensor)[]) =>
    assert(
      actual.length === wanted.length &&
        actual.every((value, i) => Math.abs(Number(value) - Number(wanted[i])) < 1e-6),
      `${actual.join()} instead of ${wanted.join()}`,
    );

  it("reports what TensorFlow.js's own loop does, under the same names in the same order", async () => {
    const other = newModel();
    const { epoch, history } = await model.fit(x, y, { ...quiet, validationData: [x, y] });
    const { history: wanted } = await ownLoop(other, [x, y], { validated: [x, y] });
    assert.deepEqual(epoch, [0, 1, 2]);
    assert.deepEqual(Object.keys(history), Object.keys(wanted));
    for (const [name, values] of Object.entries(wanted)) near(history[name]!, values);
    tf.tidy(() =>
      near(
        Array.from((model.predict(x) as tf.Tensor).dataSync()),
        Array.from((other.predict(x) as tf.Tensor).dataSync()),
      ),
    );
    other.dispose();
  });

  it("gives a History that answers to Keras' names too", async () => {
    const history = await model.fit(x, y, quiet);
    assert(history instanceof tf.History);
    await history.syncData();
    assert.deepEqual(history.history.accuracy, history.history.acc);
    assert.deepEqual(Object.keys(history.history), ["loss", "acc"]);
    const { params, validationData } = history as unknown as { params: object; validationData: unknown };
    assert.equal(validationData, null);
    assert.deepEqual(params, {
      ...{ epochs: 3, initialEpoch: 0, samples: count, steps: null, batchSize: 4, verbose: 0 },
      ...{ doValidation: false, metrics: ["loss", "acc"] },
    });
  });

  /** Writes down what it is told, and reads it when the training is over. */
  class Notes extends tf.Callback {
    readonly epochs: [number, string[]][] = [];
    readonly batches: number[] = [];
    readonly kept: tf.Scalar[] = [];
    read: number[] = [];
    override async onBatchEnd(_: number, logs?: Record<string, number | tf.Scalar>): Promise<void> {
      this.batches.push((await (logs!.loss as tf.Scalar).data())[0]!);
    }
    override onEpochEnd(epoch: number, logs?: Record<string, number | tf.Scalar>): Promise<void> {
      this.epochs.push([epoch, Object.keys(logs!)]);
      this.kept.push(logs!.loss as tf.Scalar);
      logs!.rate = epoch / 10;
      return Promise.resolve();
    }
    override async onTrainEnd(): Promise<void> {
      this.read = await Promise.all(this.kept.map(async (scalar) => (await scalar.data())[0]!));
    }
  }

  it("hands scalars to heirs of TensorFlow.js's class, and keeps what they add", async () => {
    const other = newModel();
    const [ours, theirs] = [new Notes(), new Notes()];
    const { history } = await model.fit(x, y, { ...quiet, callbacks: [ours] });
    await ownLoop(other, [x, y], { callbacks: [theirs] });
    near(ours.batches, theirs.batches);
    near(ours.read, theirs.read);
    assert.deepEqual(ours.epochs, theirs.epochs);
    assert.deepEqual(history.rate, [0, 0.1, 0.2]);
    other.dispose();
  });

  it("hands numbers to others, one after the other", async () => {
    const told: string[] = [];
    const hook =
      (name: string) =>
      (...[place, logs]: [(number | object)?, object?]) => {
        assert(Object.values(logs ?? {}).every((value) => typeof value === "number"));
        told.push(typeof place === "number" ? `${name} ${place}` : name);
      };
    const names = ["onTrainBegin", "onEpochBegin", "onBatchBegin", "onBatchEnd", "onEpochEnd", "onTrainEnd"];
    const all = Object.fromEntries(names.map((name) => [name, hook(name)]));
    await model.fit(x, y, { ...quiet, epochs: 1, batchSize: 5, callbacks: all });
    const batches = [0, 1].flatMap((batch) => [`onBatchBegin ${batch}`, `onBatchEnd ${batch}`]);
    assert.deepEqual(told, ["onTrainBegin", "onEpochBegin 0", ...batches, "onEpochEnd 0", "onTrainEnd"]);
  });

  it("works with the callbacks of both houses", async () => {
    const options = { ...quiet, epochs: 9, validationData: [x, y] as [tf.Tensor, tf.Tensor] };
    for (const stopping of [
      callbacks.earlyStopping({ minDelta: 10 }),
      tf.callbacks.earlyStopping({ minDelta: 10 }),
    ]) {
      const { epoch } = await model.fit(x, y, { ...options, callbacks: [stopping] });
      assert.deepEqual(epoch, [0, 1]);
    }
  });

  it("yields as often as it is asked to", async () => {
    const yields: number[] = [];
    const onYield = (epoch: number, batch: number) => void yields.push(10 * epoch + batch);
    await model.fit(x, y, { ...quiet, callbacks: { onYield }, yieldEvery: 0 });
    assert.deepEqual(yields, [0, 1, 2, 10, 11, 12, 20, 21, 22]);
    const never = model.fit(x, y, { ...quiet, callbacks: { onYield }, yieldEvery: "never" });
    await assert.rejects(never, /^InputError: model\.fit: expected yieldEvery with onYield, found "never"/);
  });

  it("stops where a callback says so, and does not validate the rest of that epoch", async () => {
    const onBatchEnd = (batch: number) => {
      if (batch === 1) model.stopTraining = true;
    };
    const { history } = await model.fit(x, y, {
      ...quiet,
      validationData: [x, y],
      callbacks: { onBatchEnd },
    });
    assert.deepEqual(
      Object.entries(history).map(([name, values]) => [name, values.length]),
      [
        ["loss", 1],
        ["acc", 1],
      ],
    );
  });

  it("stops after the batch that is running when a signal says so", async () => {
    const stop = new AbortController();
    const onBatchEnd = (batch: number) => {
      if (batch === 1) stop.abort();
    };
    const training = model.fit(x, y, { ...quiet, callbacks: { onBatchEnd }, signal: stop.signal });
    await assert.rejects(training, { name: "AbortError" });
    await model.fit(x, y, { ...quiet, epochs: 1 });
  });

  it("validates on the last part, or on data with weights", async () => {
    const weights = tf.tensor1d(Array.from({ length: count }, (_, i) => (i < 7 ? 0 : 1)));
    const split = await model.fit(x, y, { ...quiet, epochs: 1, validationSplit: 0.3 });
    const [wanted] = tf.tidy(() => {
      const last = [x, y].map((tensor) => tf.slice(tensor, [7], [3])) as [tf.Tensor, tf.Tensor];
      return (model.evaluate(...last) as tf.Scalar[])[0]!.dataSync();
    });
    near(split.history.val_loss!, [wanted!]);
    assert.equal((split as unknown as { params: { samples: number } }).params.samples, 7);
    (model.optimizer as tf.SGDOptimizer).setLearningRate(0);
    const data = [x, y, weights] as [tf.Tensor, tf.Tensor, tf.Tensor];
    const whole = await model.fit(x, y, { ...quiet, epochs: 1, validationData: data });
    near(whole.history.val_loss!, [wanted! * 0.3]);
    const weighted = await model.fit(x, y, { ...quiet, epochs: 1, sampleWeight: weights });
    near(weighted.history.loss!, [wanted! * 0.3]);
    weights.dispose();
  });

  it("goes on when the loss is no number", async () => {
    const bad = tf.mul(x, NaN);
    const { history } = await model.fit(bad, y, { ...quiet, epochs: 2 });
    assert.deepEqual(history.loss, [NaN, NaN]);
    bad.dispose();
  });

  it("takes vectors for columns, and data beyond a fixed batch size", async () => {
    const column = newModel({ inputShape: [1], units: 1 });
    column.compile({ optimizer: column.optimizer, loss: "meanSquaredError" });
    const vector = tf.linspace(0, 1, count);
    await column.fit(vector, vector, quiet);
    const fixed = newModel({ inputShape: undefined!, batchInputShape: [5, 4] });
    await fixed.fit(x, y, { ...quiet, batchSize: 5 });
    column.optimizer.dispose();
    for (const each of [column, fixed]) each.dispose();
    vector.dispose();
  });

  it("is silent, but for the line that verbose asks for", async () => {
    const output = captureOutput();
    await model.fit(x, y, { batchSize: 4, epochs: 2 });
    assert.equal(output.end(), "");
    const lines = captureOutput();
    await model.fit(x, y, { batchSize: 4, epochs: 2, verbose: 1 });
    assert.match(lines.end(), /^Epoch 1\/2 {2}3\/3 .* - loss: \d\.\d{4} - acc: \d\.\d{4}\nEpoch 2\/2 .*\n$/);
  });

  it("does not begin a second time while it runs", async () => {
    const first = model.fit(x, y, quiet);
    await assert.rejects(model.fit(x, y, quiet), /expected a model at rest/);
    await first;
  });
});
