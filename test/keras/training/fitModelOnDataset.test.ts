import assert from "node:assert/strict";
import "../../../src/keras/fit.ts";
import type { Batch } from "../../../src/keras/training/batches.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";

type Dataset = tf.data.Dataset<tf.TensorContainer>;

function newModel(): tf.Sequential {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 4 });
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

/** Batches of two samples whose numbers tell their place. */
function datasetOf(count: number, sampleWeight?: number[]): Dataset {
  const batch = (index: number): Batch => ({
    xs: tf.tensor2d([index, 1, index, 2], [2, 2]),
    ys: tf.tensor2d([index, 1], [2, 1]),
    ...(sampleWeight && { sampleWeight: tf.tensor1d(sampleWeight) }),
  });
  const batches = function* () {
    for (let index = 0; index < count; index++) yield batch(index);
  };
  return { iterator: () => Promise.resolve(batches()), size: count } as unknown as Dataset;
}

describe("model.fitDataset", () => {
  let before: number;
  let model: tf.Sequential;
  beforeEach(() => {
    before = tf.memory().numTensors;
    model = newModel();
  });
  afterEach(() => {
    model.dispose();
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  });
  const quiet = { verbose: 0 } as const;

  it("trains as model.fit does on the same batches", async () => {
    const other = newModel();
    const [x, y] = tf.tidy(() => [
      tf.tensor2d(
        [0, 1, 2].flatMap((index) => [index, 1, index, 2]),
        [6, 2],
      ),
      tf.tensor2d(
        [0, 1, 2].flatMap((index) => [index, 1]),
        [6, 1],
      ),
    ]);
    const { history, params } = await model.fitDataset(datasetOf(3), {
      epochs: 2,
      validationData: [x, y],
      ...quiet,
    });
    const options = {
      epochs: 2,
      batchSize: 2,
      shuffle: false,
      validationData: [x, y] as [tf.Tensor, tf.Tensor],
    };
    const { history: wanted } = await other.fit(x, y, { ...options, ...quiet });
    assert.deepEqual(Object.keys(history), Object.keys(wanted));
    for (const [name, values] of Object.entries(wanted))
      values.forEach((value, i) => assert(Math.abs(Number(value) - Number(history[name]![i])) < 1e-6, name));
    assert.equal((params as { steps: number }).steps, 3);
    other.dispose();
    tf.dispose([x, y]);
  });

  it("goes on with a dataset from epoch to epoch, and ends with it", async () => {
    const sizes: number[] = [];
    const callbacks = { onBatchEnd: (batch: number) => void sizes.push(batch) };
    const output = captureOutput(process.stderr);
    const options = { epochs: 4, batchesPerEpoch: 2, callbacks, ...quiet };
    const { epoch } = await model.fitDataset(datasetOf(3), options);
    assert.match(
      output.end(),
      /^(convoscope: fitDataset: the dataset has ended before 2 batches; let the dataset repeat\(\)\n){2}$/,
    );
    assert.deepEqual(sizes, [0, 1, 0]);
    assert.deepEqual(epoch, [0, 1]);
  });

  it("validates on as many batches of a dataset as it is told", async () => {
    (model.optimizer as tf.SGDOptimizer).setLearningRate(0);
    const validate = async (count: number, validationBatches?: number) => {
      const more = validationBatches === undefined ? {} : { validationBatches };
      const options = { epochs: 1, validationData: datasetOf(count), ...more, ...quiet };
      return (await model.fitDataset(datasetOf(1), options)).history.val_loss;
    };
    assert.deepEqual(await validate(5, 2), await validate(2));
    assert.notDeepEqual(await validate(5, 2), await validate(5));
  });

  it("takes weights of samples and of classes", async () => {
    (model.optimizer as tf.SGDOptimizer).setLearningRate(0);
    const loss = async (dataset: Dataset, more: object = {}) =>
      Number((await model.fitDataset(dataset, { epochs: 1, ...more, ...quiet })).history.loss![0]);
    const [first, second] = [await loss(datasetOf(1, [1, 0])), await loss(datasetOf(1, [0, 1]))];
    assert(Math.abs(first + second - (await loss(datasetOf(1)))) < 1e-6);
    const weighted = await loss(datasetOf(1), { classWeight: { 0: 3, 1: 0.5 } });
    assert(Math.abs(3 * first + 0.5 * second - weighted) < 1e-5);
  });

  it("refuses to validate on no batches, or on a part of a dataset", async () => {
    const validating = { epochs: 1, validationData: datasetOf(1), validationBatches: 0 };
    await assert.rejects(
      model.fitDataset(datasetOf(1), validating),
      /^InputError: fitDataset: expected validationBatches of at least 1, found 0$/,
    );
    const splitting = { epochs: 1, validationSplit: 0.5 };
    await assert.rejects(
      model.fitDataset(datasetOf(2), splitting),
      /^InputError: fitDataset: expected validationData, found validationSplit; split the dataset with take\(\) and skip\(\)$/,
    );
  });

  it("wants to know how many epochs", async () => {
    const training = model.fitDataset(datasetOf(1), {} as { epochs: number });
    await assert.rejects(
      training,
      /^InputError: fitDataset: expected epochs of at least 1, found undefined$/,
    );
  });
});
