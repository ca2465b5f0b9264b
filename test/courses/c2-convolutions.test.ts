import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import {
  applications,
  extractFeatures,
  fit,
  gallery,
  imageDataGenerator,
  layers,
  setRandomSeed,
  tf,
} from "../../src/index.ts";
import { captureOutput } from "../keras/captureOutput.ts";
import { assertFollows, assertLayers, disposeModel, trainableCount } from "./keras.ts";

const { inceptionV3 } = applications;

function newLeNet(): tf.Sequential {
  const model = tf.sequential();
  model.add(layers.conv2d({ filters: 6, kernelSize: 5, activation: "relu", inputShape: [28, 28, 1] }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.conv2d({ filters: 16, kernelSize: 5, activation: "relu" }));
  model.add(layers.maxPooling2d({ poolSize: 2 }));
  model.add(layers.flatten());
  model.add(layers.dense({ units: 120, activation: "relu" }));
  model.add(layers.dense({ units: 84, activation: "relu" }));
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

function newDense(): tf.Sequential {
  const model = tf.sequential();
  model.add(layers.flatten({ inputShape: [28, 28, 1] }));
  model.add(layers.dense({ units: 56, activation: "relu" }));
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

describe("course 2: convolutions, filters, LeNet, a pretrained net", () => {
  it("a convolution of one dimension is a correlation: 1 0 2 4 3 with 3 2 gives 3 4 14 18", () => {
    const before = tf.memory().numTensors;
    const model = tf.sequential();
    model.add(layers.conv1d({ filters: 1, kernelSize: 2, useBias: false, inputShape: [5, 1] }));
    model.add(layers.maxPooling1d({ poolSize: 2 }));
    tf.tidy(() => {
      model.layers[0]!.setWeights([tf.tensor3d([3, 2], [2, 1, 1])]);
      const signal = tf.tensor3d([1, 0, 2, 4, 3], [1, 5, 1]);
      const output = model.layers[0]!.apply(signal) as tf.Tensor;
      assert.deepEqual(Array.from(output.dataSync()), [3, 4, 14, 18]);
      assert.deepEqual(Array.from((model.predict(signal) as tf.Tensor).dataSync()), [4, 18]);
    });
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("so is one of two dimensions", () => {
    const layer = layers.conv2d({ filters: 1, kernelSize: 2, inputShape: [3, 3, 1] });
    const model = tf.sequential({ layers: [layer] });
    tf.tidy(() => {
      layer.setWeights([tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]), tf.tensor1d([0.5])]);
      const picture = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
      // 1·1 + 2·2 + 3·4 + 4·5 + 0.5, and so on.
      const output = model.predict(picture) as tf.Tensor;
      assert.deepEqual(Array.from(output.dataSync()), [37.5, 47.5, 67.5, 77.5]);
    });
    model.dispose();
  });

  it("shows the filters of a layer as small pictures", () => {
    const model = newLeNet();
    const [kernel] = model.layers[0]!.getWeights();
    const filters = tf.tidy(() => kernel!.transpose<tf.Tensor4D>([3, 0, 1, 2]));
    const { data } = gallery(filters, { columns: 6 });
    assert.equal(data.count, 6);
    filters.dispose();
    disposeModel(model);
  });

  for (const [name, make] of Object.entries({ lenet5: newLeNet, "dense net as large as lenet5": newDense })) {
    it(`${name}: Keras' layers, and Keras' first steps`, async () => {
      const before = tf.memory().numTensors;
      const model = make();
      assertLayers(model, name);
      await assertFollows(model, name);
      disposeModel(model);
      assert.equal(tf.memory().numTensors, before);
    });
  }

  describe("InceptionV3, of which only the head learns", function () {
    this.timeout(300_000);
    let base: tf.LayersModel;
    let directory: string;

    before(async () => {
      base = await inceptionV3({ weights: null, includeTop: false, inputShape: [150, 150, 3] });
      base.trainable = false;
      directory = mkdtempSync(join(tmpdir(), "images-"));
      // Two classes that differ in brightness: what the net sees of them needs no pretrained weights.
      for (const [name, brightness] of [
        ["dark", 40],
        ["light", 200],
      ] as const) {
        mkdirSync(join(directory, name));
        for (let i = 0; i < 10; i++) {
          const color = { r: brightness + i, g: brightness - 2 * i, b: brightness };
          const picture = sharp({ create: { width: 60 + i, height: 50, channels: 3, background: color } });
          await picture.jpeg().toFile(join(directory, name, `${i}.jpg`));
        }
      }
    });
    after(() => {
      rmSync(directory, { recursive: true });
      base.dispose();
    });

    it("takes Keras' first steps", async () => {
      const model = tf.sequential();
      model.add(base);
      model.add(layers.globalAveragePooling2d({}));
      model.add(layers.dense({ units: 1, activation: "sigmoid" }));
      model.compile({ optimizer: "rmsprop", loss: "binaryCrossentropy", metrics: ["accuracy"] });
      assertLayers(model, "inceptionV3 with a head for two classes");
      await assertFollows(model, "inceptionV3 with a head for two classes");
    });

    it("tells two directories of pictures apart", async () => {
      const capture = captureOutput();
      try {
        setRandomSeed(1);
        const generator = imageDataGenerator({
          validationSplit: 0.2,
          preprocessingFunction: inceptionV3.preprocessInput,
        });
        const flow = (subset: "training" | "validation") =>
          generator.flowFromDirectory(directory, {
            ...{ targetSize: [150, 150], batchSize: 8, classMode: "binary", shuffle: true, subset },
          });
        const [train, validation] = [flow("training"), flow("validation")];
        assert.deepEqual([train.samples, validation.samples], [16, 4]);
        const features = await extractFeatures(base, train);
        const unseen = await extractFeatures(base, validation);
        const head = tf.sequential();
        head.add(layers.globalAveragePooling2d({ inputShape: [3, 3, 2048] }));
        head.add(layers.dense({ units: 1, activation: "sigmoid" }));
        head.compile({ optimizer: tf.train.adam(0.01), loss: "binaryCrossentropy", metrics: ["accuracy"] });
        assert.equal(trainableCount(head), 2049);
        const { history } = await fit(head, features, {
          ...{ epochs: 30, validationData: unseen, verbose: 0 },
        });
        assert.equal(history.val_accuracy!.at(-1), 1);
        tf.dispose([{ ...features }, { ...unseen }]);
        disposeModel(head);
      } finally {
        capture.end();
      }
    });
  });
});
