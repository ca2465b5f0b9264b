import assert from "node:assert/strict";
import "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

const count = 10;
const labels = Array.from({ length: count }, (_, index) => index % 3);
const weights = labels.map((_, index) => 0.5 + index / 5);

describe("a model's own methods", () => {
  let before: number;
  let model: tf.Sequential;
  let x: tf.Tensor;
  let y: tf.Tensor;
  let sampleWeight: tf.Tensor;
  beforeEach(() => {
    before = tf.memory().numTensors;
    const kernelInitializer = tf.initializers.glorotUniform({ seed: 4 });
    model = tf.sequential({
      layers: [tf.layers.dense({ units: 3, activation: "softmax", inputShape: [4], kernelInitializer })],
    });
    model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    x = tf.randomUniform([count, 4], -1, 1, "float32", 5);
    y = tf.tensor1d(labels);
    sampleWeight = tf.tensor1d(weights);
  });
  afterEach(() => {
    model.dispose();
    tf.dispose([x, y, sampleWeight]);
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  });

  /** The losses of all samples, by hand. */
  const losses = () =>
    tf.tidy(() => {
      const chosen = labels.map((label, i) => [i, label]);
      return Array.from(tf.neg(tf.log(tf.gatherND(model.predict(x) as tf.Tensor, chosen))).dataSync());
    });
  const near = (actual: number, wanted: number) =>
    assert(Math.abs(actual - wanted) < 1e-6, `${actual} instead of ${wanted}`);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / count;

  it("evaluate: loss and metrics of all samples, whatever the batches", () => {
    const wanted = mean(losses());
    for (const batchSize of [3, 4, 10, 64]) {
      tf.tidy(() => {
        const [loss, accuracy] = model.evaluate(x, y, { batchSize }) as tf.Scalar[];
        near(loss!.dataSync()[0]!, wanted);
        const right = tf.equal(tf.argMax(model.predict(x) as tf.Tensor, -1), y.toInt());
        near(accuracy!.dataSync()[0]!, tf.mean(right.toFloat()).dataSync()[0]!);
      });
    }
  });

  it("evaluate: samples count by their weights, metrics do not", () => {
    const wanted = mean(losses().map((loss, i) => loss * weights[i]!));
    tf.tidy(() => {
      const [loss, accuracy] = model.evaluate(x, y, { batchSize: 4, sampleWeight }) as tf.Scalar[];
      near(loss!.dataSync()[0]!, wanted);
      near(accuracy!.dataSync()[0]!, (model.evaluate(x, y) as tf.Scalar[])[1]!.dataSync()[0]!);
    });
  });

  it("evaluate: no more batches than steps", () => {
    const wanted = losses().slice(0, 6);
    tf.tidy(() => {
      const [loss] = model.evaluate(x, y, { batchSize: 3, steps: 2 }) as tf.Scalar[];
      near(loss!.dataSync()[0]!, (mean(wanted) * count) / 6);
    });
  });

  it("evaluate: null stands for the usual batches, and for all of them", () => {
    const wanted = mean(losses());
    tf.tidy(() => {
      const none = { batchSize: null, steps: null } as unknown as tf.ModelEvaluateArgs;
      const [loss] = model.evaluate(x, y, none) as tf.Scalar[];
      near(loss!.dataSync()[0]!, wanted);
    });
  });

  it("trainOnBatch: takes weights of samples and classes", async () => {
    const each = losses();
    (model.optimizer as tf.SGDOptimizer).setLearningRate(0);
    const [weighted] = (await model.trainOnBatch(x, y, { sampleWeight })) as number[];
    near(weighted!, mean(each.map((loss, i) => loss * weights[i]!)));
    const [byClass] = (await model.trainOnBatch(x, y, { classWeight: { 0: 2, 2: 0 } })) as number[];
    near(byClass!, mean(each.map((loss, i) => loss * [2, 1, 0][labels[i]!]!)));
    const both = model.trainOnBatch(x, y, { sampleWeight, classWeight: { 0: 2 } });
    await assert.rejects(both, /^InputError: trainOnBatch: expected sampleWeight or classWeight, found both/);
  });

  it("predict: says what is wrong with a shape", () => {
    const wrong = (shape: number[], message: RegExp) =>
      tf.tidy(() => assert.throws(() => model.predict(tf.zeros(shape)), message));
    wrong([5], /^InputError: predict: expected xs of shape \[batch, 4\], found \[5\]/);
    wrong([4], /found \[4\]; a single sample is a batch too: x\.expandDims\(0\)/);
    wrong([2, 3], /expected xs of shape \[batch, 4\], found \[2, 3\]/);
  });

  it("predict: gives pictures without channels the one that they have", () => {
    const pictures = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2, 1] })] });
    tf.tidy(() => {
      const flat = pictures.predict(tf.ones([3, 2, 2])) as tf.Tensor;
      assert.deepEqual(flat.shape, [3, 4]);
      assert.throws(() => pictures.predict(tf.ones([2, 2, 1])), /a single sample is a batch too/);
    });
    pictures.dispose();
  });

  it("each: wants a compiled model to train or evaluate", async () => {
    const input = tf.input({ shape: [4] });
    const outputs = tf.layers.dense({ units: 1 }).apply(input) as tf.SymbolicTensor;
    const raw = tf.model({ inputs: input, outputs });
    assert.throws(() => raw.evaluate(x, y), /^InputError: evaluate: expected a compiled model/);
    await assert.rejects(raw.trainOnBatch(x, y), /^InputError: trainOnBatch: expected a compiled model/);
    await assert.rejects(raw.fit(x, y), /^InputError: model\.fit: expected a compiled model/);
    raw.dispose();
  });
});
