import assert from "node:assert/strict";
import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { applications } from "../../src/keras/applications.ts";
import { datasets } from "../../src/keras/datasets.ts";
import { extractFeatures } from "../../src/keras/extractFeatures.ts";
import { fit } from "../../src/keras/fit.ts";
import { imageDataGenerator } from "../../src/keras/imageDataGenerator.ts";
import { setRandomSeed } from "../../src/tensorflow/randomSeed.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { needRealData } from "../support/needs.ts";
import { captureOutput } from "./captureOutput.ts";

const { layers } = tf;

const valuesOf = (layer: tf.layers.Layer) =>
  layer.getWeights().map((weight) => Array.from(weight.dataSync()));

/** Which of some layers with weights are the same after some work. */
async function unchanged(watched: tf.layers.Layer[], work: () => Promise<unknown>): Promise<boolean[]> {
  const weighty = watched.filter((layer) => layer.weights.length > 0);
  const before = weighty.map(valuesOf);
  await work();
  return weighty.map((layer, index) => {
    try {
      assert.deepEqual(valuesOf(layer), before[index]);
      return true;
    } catch {
      return false;
    }
  });
}

function compile(model: tf.LayersModel): void {
  const optimizer = tf.train.momentum(1e-4, 0.9);
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
}

describe("transfer learning", () => {
  const pictures = () => ({
    x: tf.randomUniform([4, 32, 32, 3], 0, 1, "float32", 3),
    y: tf.oneHot(tf.tensor1d([0, 1, 2, 0], "int32"), 3).toFloat(),
  });
  const step = (model: tf.LayersModel, data: ReturnType<typeof pictures>) =>
    fit(model, data, { batchSize: 4, verbose: 0 });

  /** A base with a head of three classes; small, and with batch normalisation. */
  const newModel = async () => {
    const base = await applications.mobileNet({
      ...{ weights: null, alpha: 0.25, includeTop: false, inputShape: [32, 32, 3], pooling: "avg" },
    });
    const head = layers.dense({ units: 3, activation: "softmax", name: "head" });
    const model = tf.model({
      inputs: base.inputs,
      outputs: head.apply(base.outputs[0]!) as tf.SymbolicTensor,
    });
    return { base, model };
  };

  const convolutions = (base: tf.LayersModel) =>
    base.layers.filter((layer) => layer.getClassName().endsWith("Conv2D"));

  it("of all layers changes all layers", async () => {
    const { model } = await newModel();
    compile(model);
    const data = pictures();
    const same = await unchanged(model.layers, () => step(model, data));
    assert(!same.includes(true));
    tf.dispose(data);
    model.dispose();
  });

  it("with the first five layers frozen leaves these as they are", async () => {
    const { base, model } = await newModel();
    for (const layer of base.layers.slice(0, 5)) layer.trainable = false;
    compile(model);
    const data = pictures();
    const same = await unchanged(convolutions(base), () => step(model, data));
    // The input, the first convolution with normalisation and activation, and the depthwise convolution after it.
    assert.deepEqual(same, [true, true, ...Array<boolean>(25).fill(false)]);
    tf.dispose(data);
    model.dispose();
  });

  it("with the base frozen changes the head alone", async () => {
    const { base, model } = await newModel();
    for (const layer of base.layers) layer.trainable = false;
    compile(model);
    const data = pictures();
    const watched = [...convolutions(base), model.getLayer("head")];
    const same = await unchanged(watched, () => step(model, data));
    assert.deepEqual([same.slice(0, -1).includes(false), same.at(-1)], [false, false]);
    tf.dispose(data);
    model.dispose();
  });

  it("does the same when the base is frozen as a whole, inside another model", async () => {
    const { base } = await newModel();
    base.trainable = false;
    const model = tf.sequential({ layers: [base, layers.dense({ units: 3, activation: "softmax" })] });
    compile(model);
    const data = pictures();
    const same = await unchanged(convolutions(base), () => step(model, data));
    assert(!same.includes(false));
    tf.dispose(data);
    model.dispose();
  });

  it("freezes and thaws the layers with their model, and leaves them as they are when it is put into another", async () => {
    const { base } = await newModel();
    const flags = () => new Set(base.layers.map(({ trainable }) => trainable));
    base.trainable = false;
    assert.deepEqual(flags(), new Set([false]));
    tf.sequential({ layers: [base, layers.dense({ units: 3 })] });
    assert.deepEqual(flags(), new Set([false]));
    base.trainable = true;
    assert.deepEqual(flags(), new Set([true]));
    base.layers[1]!.trainable = false;
    tf.sequential({ layers: [base, layers.dense({ units: 3 })] });
    assert.equal(base.layers[1]!.trainable, false);
    base.dispose();
  });

  it("heeds freezing and thawing from the next compile on, as Keras does", async () => {
    const { base, model } = await newModel();
    const kernel = [base.getLayer("conv_pw_1")];
    compile(model);
    const data = pictures();
    // TensorFlow.js advises to compile again, each time.
    const advice = captureOutput(process.stderr);
    try {
      for (const layer of base.layers) layer.trainable = false;
      compile(model);
      assert.deepEqual(await unchanged(kernel, () => step(model, data)), [true]);
      for (const layer of base.layers) layer.trainable = true;
      assert.deepEqual(await unchanged(kernel, () => step(model, data)), [true]);
      compile(model);
      assert.deepEqual(await unchanged(kernel, () => step(model, data)), [false]);
    } finally {
      advice.end();
    }
    tf.dispose(data);
    model.dispose();
  });

  describe("on features that are computed once", () => {
    it("sees the same features as the whole model, in the order of the targets", async () => {
      const { base, model } = await newModel();
      const data = pictures();
      const before = tf.memory().numTensors;
      const capture = captureOutput();
      const features = await extractFeatures(base, data, { batchSize: 3 });
      const batches = [0, 2].map((start) => ({ xs: data.x.slice(start, 2), ys: data.y.slice(start, 2) }));
      const same = await extractFeatures(base, batches);
      assert.equal(capture.end(), "Features by mobilenet_0.25_32\n".repeat(2));
      assert.equal(tf.memory().numTensors, before + 4);
      assert.deepEqual(features.x.shape, [4, 256]);
      assert.deepEqual(await same.y!.array(), await data.y.array());
      const difference = tf.tidy(() => features.x.sub(same.x).abs().max().arraySync() as number);
      assert(difference < 1e-5);
      const scores = tf.tidy(() => {
        const head = model.getLayer("head").apply(features.x) as tf.Tensor;
        return head
          .sub(model.predict(data.x) as tf.Tensor)
          .abs()
          .max()
          .arraySync() as number;
      });
      assert(scores < 1e-5);
      tf.dispose([data, { ...features }, { ...same }]);
      model.dispose();
    });

    it("takes as many batches as it is told, and stops when it is told", async () => {
      const { base, model } = await newModel();
      const data = pictures();
      const before = tf.memory().numTensors;
      const capture = captureOutput();
      try {
        const { x } = await extractFeatures(base, { x: data.x }, { batchSize: 1, steps: 2 });
        assert.deepEqual(x.shape, [2, 256]);
        x.dispose();
        const signal = AbortSignal.abort();
        await assert.rejects(extractFeatures(base, { x: data.x }, { batchSize: 1, signal }), {
          name: "AbortError",
        });
        const none = { name: "InputError", message: "extractFeatures: expected pictures, found none" };
        await assert.rejects(extractFeatures(base, []), none);
      } finally {
        capture.end();
      }
      assert.equal(tf.memory().numTensors, before);
      tf.dispose(data);
      model.dispose();
    });

    it("tells cats from dogs after 200 photos, without a network connection", async function () {
      const realData = needRealData.call(this);
      const cache = mkdtempSync(join(tmpdir(), "keras-"));
      const saved = process.env.KERAS_HOME;
      process.env.KERAS_HOME = cache;
      const capture = captureOutput();
      try {
        setRandomSeed(1);
        const photos = await datasets.catsAndDogs({ directory: realData });
        const { mobileNet } = applications;
        const base = await mobileNet({
          ...{ alpha: 0.25, includeTop: false, pooling: "avg", inputShape: [144, 144, 3] },
        });
        const generator = imageDataGenerator({ preprocessingFunction: mobileNet.preprocessInput });
        const flow = (directory: string) =>
          generator.flowFromDirectory(directory, { targetSize: [144, 144], batchSize: 20, seed: 1 });
        const train = await extractFeatures(base, flow(photos.train), { steps: 10 });
        const validation = await extractFeatures(base, flow(photos.validation), { steps: 5 });
        const head = tf.sequential({
          layers: [layers.dense({ inputShape: [256], units: 2, activation: "softmax" })],
        });
        head.compile({
          optimizer: tf.train.momentum(0.01, 0.9),
          loss: "categoricalCrossentropy",
          metrics: ["accuracy"],
        });
        const { history } = await fit(head, train, { epochs: 20, validationData: validation, verbose: 0 });
        assert(history.val_accuracy!.at(-1)! > 0.85, `only ${history.val_accuracy!.at(-1)}`);
        tf.dispose([{ ...train }, { ...validation }]);
        base.dispose();
        head.dispose();
      } finally {
        capture.end();
        if (saved === undefined) Reflect.deleteProperty(process.env, "KERAS_HOME");
        else process.env.KERAS_HOME = saved;
        rmSync(cache, { recursive: true });
      }
    });
  });
});
