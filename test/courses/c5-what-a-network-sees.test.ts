import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  activations,
  datasets,
  fit,
  gallery,
  imageDataGenerator,
  layers,
  setRandomSeed,
  tf,
} from "../../src/index.ts";
import { captureOutput } from "../keras/captureOutput.ts";
import { needRealData } from "../support/needs.ts";
import { assertFollows, assertLayers, disposeModel } from "./keras.ts";

const compile = (model: tf.LayersModel, loss: string): void =>
  model.compile({ optimizer: "adam", loss, metrics: ["accuracy"] });

const convolution = (filters: number) =>
  ({ filters, kernelSize: 3, padding: "same", activation: "relu" }) as const;

function newDigits(): tf.Sequential {
  const model = tf.sequential();
  model.add(layers.conv2d({ ...convolution(32), inputShape: [28, 28, 1] }));
  model.add(layers.conv2d(convolution(16)));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  compile(model, "categoricalCrossentropy");
  return model;
}

function newCifar({ pools }: { pools: boolean }): tf.Sequential {
  const model = tf.sequential();
  model.add(layers.conv2d({ ...convolution(64), inputShape: [32, 32, 3] }));
  model.add(layers.conv2d(convolution(64)));
  if (pools) model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.conv2d(convolution(64)));
  if (pools) model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.conv2d(convolution(64)));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  compile(model, "categoricalCrossentropy");
  return model;
}

function newCatsAndDogs(rate = 0.5): tf.Sequential {
  const model = tf.sequential();
  model.add(layers.conv2d({ ...convolution(64), inputShape: [64, 64, 3] }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.dropout({ rate }));
  model.add(layers.conv2d(convolution(64)));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.dropout({ rate }));
  model.add(layers.conv2d(convolution(64)));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.dropout({ rate }));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 32, activation: "relu" }));
  model.add(layers.dense({ units: 1, activation: "sigmoid" }));
  compile(model, "binaryCrossentropy");
  return model;
}

function newSeeing(): tf.Sequential {
  const model = tf.sequential();
  model.add(layers.conv2d({ ...convolution(16), inputShape: [28, 28, 1] }));
  model.add(layers.conv2d(convolution(16)));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  compile(model, "categoricalCrossentropy");
  return model;
}

describe("course 5: what a network sees", () => {
  const nets = {
    digits: newDigits,
    cifar10: () => newCifar({ pools: true }),
    "cifar10 without pools": () => newCifar({ pools: false }),
    "cats and dogs": () => newCatsAndDogs(0),
    "what it sees": newSeeing,
  };
  for (const [name, make] of Object.entries(nets)) {
    it(`${name}: Keras' layers, and Keras' first steps`, async () => {
      const before = tf.memory().numTensors;
      const model = make();
      assertLayers(model, name);
      await assertFollows(model, name);
      disposeModel(model);
      assert.equal(tf.memory().numTensors, before);
    });
  }

  describe("on all of MNIST", () => {
    let xTrain: tf.Tensor4D, yTrain: tf.Tensor, xTest: tf.Tensor4D, yTest: tf.Tensor, labels: Int32Array;

    before(async function () {
      const realData = needRealData.call(this);
      const capture = captureOutput();
      const digits = await datasets.mnist({ directory: realData }).finally(() => capture.end());
      [xTrain, yTrain, xTest, yTest] = tf.tidy(() => [
        digits.xTrain.div(255).expandDims<tf.Tensor4D>(-1),
        tf.oneHot(digits.yTrain, 10),
        digits.xTest.div(255).expandDims<tf.Tensor4D>(-1),
        tf.oneHot(digits.yTest, 10),
      ]);
      labels = (await digits.yTest.data()) as Int32Array;
      tf.dispose({ ...digits });
      setRandomSeed(1);
    });
    const pictureOf = (index: number) => tf.tidy(() => xTest.slice(index, 1).squeeze<tf.Tensor3D>([0]));
    after(() => tf.dispose([xTrain, yTrain, xTest, yTest]));

    it("130,394 parameters are right about more than 98 % of the test digits after two epochs", async function () {
      this.timeout(600_000);
      const model = newDigits();
      const data = { x: xTrain, y: yTrain };
      const { history } = await fit(model, data, { epochs: 2, validationData: [xTest, yTest], verbose: 0 });
      const [accuracy] = history.val_accuracy!.slice(-1);
      assert(accuracy! >= 0.98, String(accuracy));

      const chances = tf.tidy(() => model.predict(xTest.slice(0, 20)) as tf.Tensor2D);
      const rows = await chances.array();
      const answers = rows.map((row) => row.indexOf(Math.max(...row)));
      const first = xTest.slice(0, 20);
      const sheet = gallery(first, {
        labels: answers.map((digit, i) => `${digit} (${Math.round(100 * rows[i]![digit]!)} %)`),
      });
      assert.match(sheet.data.labels![0]!, /^7 \(\d+ %\)$/);
      tf.dispose([chances, first]);
      disposeModel(model);
    });

    it("shows all maps of three layers for a 4 and for a 9, and one filter over many digits", async function () {
      this.timeout(600_000);
      const model = newSeeing();
      const data = tf.tidy(() => ({ x: xTrain.slice(0, 10000), y: yTrain.slice(0, 10000) }));
      await fit(model, data, { epochs: 1, verbose: 0 });
      const before = tf.memory().numTensors;
      for (const digit of [4, 9]) {
        const image = pictureOf(labels.indexOf(digit));
        const { data: seen } = activations(model, image, { layers: 3, colorMap: "gray", scale: "layer" });
        assert.deepEqual(
          seen.layers.map(({ shape, shown }) => [...shape, shown.length]),
          [
            [28, 28, 16, 16],
            [28, 28, 16, 16],
            [14, 14, 16, 16],
          ],
        );
        // The third layer has the largest of each four numbers of the second.
        const [, second, third] = seen.layers;
        assert.equal(third!.max, second!.max);
        image.dispose();
      }
      // Filter 12 of layer 1, as the course counts from 1.
      const across = Array.from({ length: 12 }, (_, i) => {
        const image = pictureOf(i);
        const view = activations(model, image, { layers: [0], channels: [11], colorMap: "gray" });
        image.dispose();
        return view.data.layers[0]!;
      });
      assert(across.every(({ shown }) => shown.join() === "11"));
      assert.equal(tf.memory().numTensors, before);
      tf.dispose(data);
      disposeModel(model);
    });
  });

  it("trains on photos of cats and dogs of any size, made 64x64", async function () {
    this.timeout(300_000);
    const realData = needRealData.call(this);
    const cache = mkdtempSync(join(tmpdir(), "keras-"));
    const saved = process.env.KERAS_HOME;
    process.env.KERAS_HOME = cache;
    const capture = captureOutput();
    try {
      setRandomSeed(13);
      const photos = await datasets.catsAndDogs({ directory: realData });
      const train = imageDataGenerator({ rescale: 1 / 255 }).flowFromDirectory(photos.train, {
        ...{ targetSize: [64, 64], batchSize: 32, classMode: "binary", seed: 13 },
      });
      assert.deepEqual(train.classIndices, { cats: 0, dogs: 1 });
      assert.equal(Math.floor(train.samples / 32), 62);
      const model = newCatsAndDogs();
      const { history, params } = await fit(model, train, {
        ...{ epochs: 2, stepsPerEpoch: 15, verbose: 0 },
      });
      assert.equal(params.steps, 15);
      assert(
        history.loss!.every((loss) => loss > 0.4 && loss < 1.2),
        String(history.loss),
      );
      disposeModel(model);
    } finally {
      capture.end();
      if (saved === undefined) Reflect.deleteProperty(process.env, "KERAS_HOME");
      else process.env.KERAS_HOME = saved;
      rmSync(cache, { recursive: true });
    }
  });
});
