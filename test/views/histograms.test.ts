import assert from "node:assert/strict";
import { countNumbers } from "../../src/inspect/histogram.ts";
import { fit } from "../../src/keras/fit.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { histograms, recordHistograms } from "../../src/views/histograms.ts";

const { layers } = tf;

function newModel(): tf.LayersModel {
  const model = tf.sequential({
    name: "small",
    layers: [
      layers.dense({
        inputShape: [2],
        units: 3,
        name: "hidden",
        activation: "relu",
        kernelInitializer: "ones",
      }),
      layers.dropout({ rate: 0.5, name: "drop" }),
      layers.dense({ units: 1, name: "out", kernelInitializer: "ones" }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
  return model;
}

describe("countNumbers", () => {
  it("counts in bins of one width, the largest number in the last one", () => {
    const { counts, min, max, mean, deviation } = countNumbers([0, 1, 2, 3, 4, 4, 4, 4], 4);
    assert.deepEqual([counts, min, max, mean], [[1, 1, 1, 5], 0, 4, 2.75]);
    assert.ok(Math.abs(deviation - Math.sqrt(2.1875)) < 1e-12);
  });

  it("counts zeros, NaN and infinities apart", () => {
    const { size, counts, zeros, nan, infinite, min, max } = countNumbers(
      [0, NaN, Infinity, -Infinity, 0, 1],
      9,
    );
    assert.deepEqual([size, zeros, nan, infinite, min, max], [6, 2, 1, 2, 0, 1]);
    assert.equal(
      counts.reduce((a, b) => a + b),
      3,
    );
  });

  it("has one bin for numbers that are all the same, and for none", () => {
    assert.deepEqual(countNumbers([2, 2], 9).counts, [2]);
    assert.deepEqual(countNumbers([NaN], 9).counts, [0]);
  });
});

describe("histograms", () => {
  afterEach(() => tf.disposeVariables());

  it("counts the weights of layers", () => {
    const { data, text } = histograms(newModel(), { layers: ["hidden"] });
    assert.deepEqual(
      data.series.map(({ name, moments }) => [name, moments[0]!.histogram.size, moments[0]!.histogram.zeros]),
      [
        ["hidden/kernel", 6, 0],
        ["hidden/bias", 3, 3],
      ],
    );
    assert.match(text, /^Weights of small: 2 tensors, 9 numbers, 33.3% zero, all finite\n/);
  });

  it("counts what layers give, without dropout", () => {
    const x = tf.tensor2d([
      [1, 2],
      [-3, 1],
    ]);
    const { data } = histograms(newModel(), { of: "activations", data: x });
    const [hidden, drop, out] = data.series.map(({ moments }) => moments[0]!.histogram);
    assert.deepEqual([hidden!.size, hidden!.zeros, hidden!.max], [6, 3, 3]);
    assert.deepEqual(drop, hidden);
    assert.deepEqual([out!.min, out!.max], [0, 9]);
    x.dispose();
  });

  it("counts gradients of the loss: by hand", () => {
    const [x, y] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[8]])];
    // The prediction is 9, so the gradient of (9 - 8)² is 2 for it: 2·3 for each weight of out, 2·1 and 2·2 for those of hidden.
    const { data } = histograms(newModel(), { of: "gradients", data: { x, y } });
    const found = Object.fromEntries(data.series.map(({ name, moments: [one] }) => [name, one!.histogram]));
    assert.deepEqual([found["out/kernel"]!.min, found["out/kernel"]!.max], [6, 6]);
    assert.deepEqual([found["hidden/kernel"]!.min, found["hidden/kernel"]!.max], [2, 4]);
    assert.deepEqual(found["out/bias"]!.counts, [1]);
    tf.dispose([x, y]);
  });

  it("shows a training epoch by epoch", async () => {
    const model = newModel();
    const [x, y] = [tf.ones([8, 2]), tf.ones([8, 1])];
    const record = recordHistograms();
    await fit(model, { x, y }, { epochs: 30, verbose: 0, callbacks: record });
    const view = histograms(record);
    assert.deepEqual(
      view.data.series[0]!.moments.map(({ epoch }) => epoch),
      [1, 4, 6, 9, 12, 14, 17, 19, 22, 25, 27, 30],
    );
    assert.deepEqual(histograms(record, { epochs: [2, 3] }).data.series[0]!.moments.length, 2);
    assert.match(await view.svg!(), />epochs 1, 4, 6/);
    assert.throws(() => histograms(record, { epochs: [31] }), /expected epochs between 1 and 30, found 31/);
    tf.dispose([x, y]);
  });

  it("marks what is not finite", async () => {
    const model = newModel();
    model.getLayer("out").setWeights([tf.tensor2d([[NaN], [Infinity], [1]]), tf.zeros([1])]);
    const view = histograms(model, { layers: ["out"] });
    assert.match(view.text, /2 not finite\n.*1 NaN · 1 infinite/);
    const svg = await view.svg!();
    assert.ok(!/NaN[^<]*"|Infinity/.test(svg), "no coordinate is NaN");
  });

  it("counts gradients for pictures and classes of whole numbers", () => {
    const model = tf.sequential({
      layers: [layers.dense({ inputShape: [2], units: 3, activation: "softmax" })],
    });
    model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    const x = tf.tensor2d([[1, 2]], [1, 2], "int32");
    const y = tf.tensor1d([2], "int32");
    const before = tf.memory().numTensors;
    const { data } = histograms(model, { of: "gradients", data: { x, y } });
    assert.equal(tf.memory().numTensors, before);
    // By the biases: the probabilities, less 1 for the class.
    const [, , bias] = tf.tidy(() =>
      (model.predict(tf.cast(x, "float32")) as tf.Tensor).sub([[0, 0, 1]]).dataSync(),
    );
    const { histogram } = data.series[1]!.moments[0]!;
    assert.ok(Math.abs(histogram.min - bias!) < 1e-6, `${histogram.min} and ${bias}`);
    tf.dispose([x, y]);
  });

  it("frees what a gradient has saved when the loss does not fit", () => {
    const model = newModel();
    const [x, y] = [tf.ones([2, 2]), tf.ones([3, 1])];
    const before = tf.memory().numTensors;
    assert.throws(() => histograms(model, { of: "gradients", data: { x, y } }), /broadcast|shape/i);
    assert.equal(tf.memory().numTensors, before);
    assert.throws(
      () => histograms(model, { of: "gradients", data: { x: y, y } }),
      /of shape \[2\], found \[3, 1\]/,
    );
    assert.equal(tf.memory().numTensors, before);
    tf.dispose([x, y]);
  });

  it("says in one line what it cannot count, and leaves no tensors", () => {
    const model = newModel();
    const x = tf.ones([1, 2]);
    const before = tf.memory().numTensors;
    assert.throws(() => histograms(model, { of: "activations" }), /expected data, found none; give a batch/);
    assert.throws(
      () => histograms(model, { of: "gradients", data: x }),
      /expected 1 targets y, found 0; give data/,
    );
    assert.throws(
      () => histograms(model, { layers: ["hiden"] }),
      /found "hiden"; did you mean "hidden"\? layers: hidden, drop, out/,
    );
    assert.throws(
      () => histograms(model, { of: "biases" as "weights" }),
      /expected of: one of weights, activations, gradients/,
    );
    assert.throws(() => histograms(recordHistograms()), /expected a record with epochs, found none/);
    histograms(model);
    histograms(model, { of: "activations", data: x });
    assert.equal(tf.memory().numTensors, before);
    x.dispose();
  });
});
