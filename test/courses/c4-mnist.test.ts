import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  datasets,
  fit,
  gallery,
  layers,
  loadModel,
  saveModel,
  setRandomSeed,
  summary,
  tf,
} from "../../src/index.ts";
import { captureOutput } from "../keras/captureOutput.ts";
import { needRealData } from "../support/needs.ts";
import { realData } from "../support/paths.ts";
import { assertFollows, assertLayers, disposeModel } from "./keras.ts";

const training = () => ({
  optimizer: tf.train.sgd(0.5),
  loss: "categoricalCrossentropy",
  metrics: ["accuracy"],
});

function newLogistic(): tf.Sequential {
  const model = tf.sequential();
  model.add(layers.dense({ units: 10, activation: "softmax", inputShape: [784], name: "fc1" }));
  model.compile(training());
  return model;
}

function newMlp(): tf.Sequential {
  const model = tf.sequential();
  model.add(layers.dense({ units: 100, activation: "sigmoid", inputShape: [784] }));
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  model.compile(training());
  return model;
}

function newLeNet(padding: "same" | "valid"): tf.Sequential {
  const model = tf.sequential();
  const convolution = { kernelSize: 5, padding, activation: "sigmoid" } as const;
  model.add(layers.conv2d({ ...convolution, filters: 16, inputShape: [28, 28, 1] }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.conv2d({ ...convolution, filters: 32 }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.conv2d({ ...convolution, filters: 64 }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 100, activation: "sigmoid" }));
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  model.compile(training());
  return model;
}

describe("course 4: MNIST, from logistic regression to LeNet-5", () => {
  const nets = {
    "logistic regression": newLogistic,
    "multilayer perceptron": newMlp,
    "lenet with sigmoids": () => newLeNet("same"),
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

  it("shows the 7,850 parameters of the logistic regression", () => {
    const model = newLogistic();
    const { text, data } = summary(model);
    assert.match(text, /│ fc1 \(Dense\) +│ \(None, 10\) +│ +7,850 │/);
    assert.match(text, / Total params: 7,850 \(30\.66 KB\)/);
    assert.equal(data.total.count, 7850);
    disposeModel(model);
  });

  describe("on all of MNIST", () => {
    let digits: Awaited<ReturnType<typeof load>>;

    /** The course's preparation: rows of 784 numbers from 0 to 1, labels one-hot. */
    async function load() {
      const { xTrain, yTrain, xTest, yTest } = await datasets.mnist({ directory: realData! });
      const prepared = tf.tidy(() => ({
        xTrain: xTrain.reshape([60000, 784]).div(255),
        yTrain: tf.oneHot(yTrain, 10),
        xTest: xTest.reshape([10000, 784]).div(255),
        yTest: tf.oneHot(yTest, 10),
        first: xTrain.slice(0, 200),
      }));
      tf.dispose([xTrain, yTrain, xTest, yTest]);
      return prepared;
    }

    async function score(model: tf.LayersModel): Promise<number> {
      const [loss, accuracy] = model.evaluate(digits.xTest, digits.yTest, { batchSize: 300 }) as tf.Scalar[];
      const [value] = await accuracy!.data();
      tf.dispose([loss!, accuracy!]);
      return value!;
    }

    const train = (model: tf.LayersModel) =>
      fit(model, { x: digits.xTrain, y: digits.yTrain }, { batchSize: 300, epochs: 10, verbose: 0 });

    before(async function () {
      needRealData.call(this);
      const capture = captureOutput();
      digits = await load().finally(() => capture.end());
    });
    beforeEach(() => setRandomSeed(1));
    after(() => tf.dispose({ ...digits }));

    it("shows 200 digits on a sheet", () => {
      const sheet = gallery(digits.first.expandDims<tf.Tensor4D>(-1), { columns: 20 });
      assert.match(sheet.text, /200/);
    });

    it("logistic regression is right about 92 % of the test digits after ten epochs", async () => {
      const model = newLogistic();
      await train(model);
      const accuracy = await score(model);
      assert(accuracy > 0.92, String(accuracy));
      disposeModel(model);
    });

    it("a hidden layer of 100 makes that 94.5 %, and a file keeps it", async () => {
      const directory = mkdtempSync(join(tmpdir(), "mnist-"));
      const model = newMlp();
      await train(model);
      const accuracy = await score(model);
      assert(accuracy > 0.945, String(accuracy));
      await saveModel(model, join(directory, "MLP.h5"));
      const copy = await loadModel(join(directory, "MLP.h5"));
      assert.equal(await score(copy), accuracy);
      disposeModel(model);
      copy.dispose();
      rmSync(directory, { recursive: true });
    });
  });
});
