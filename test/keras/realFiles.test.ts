import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import sharp from "sharp";
import { loadModel, loadWeights } from "../../src/keras/modelFiles.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { need, needRealData } from "../support/needs.ts";
import { realData } from "../support/paths.ts";
import { captureOutput } from "./captureOutput.ts";

const data = realData ?? "";
const files = join(data, "keras-files");
const count = 10_000;

/** The test digits as `[10000, 28, 28, 1]`, 0 to 1, and what they are. */
function digits(): { images: tf.Tensor4D; labels: Uint8Array } {
  const read = (name: string) => gunzipSync(readFileSync(join(data, "mnist", name)));
  const pixels = read("t10k-images-idx3-ubyte.gz").subarray(16, 16 + count * 784);
  const labels = read("t10k-labels-idx1-ubyte.gz").subarray(8, 8 + count);
  const images = tf.tensor4d(
    Float32Array.from(pixels, (value) => value / 255),
    [count, 28, 28, 1],
  );
  return { images, labels };
}

function accuracy(model: tf.LayersModel): number {
  const { images, labels } = digits();
  const shape = [count, ...model.inputs[0]!.shape.slice(1)] as number[];
  const classes = tf.tidy(() =>
    (model.predict(images.reshape(shape), { batchSize: 500 }) as tf.Tensor).argMax(-1).dataSync(),
  );
  images.dispose();
  return labels.reduce((right, label, index) => right + (classes[index] === label ? 1 : 0), 0) / count;
}

/** Models that others have trained; accuracies on the test digits from a forward pass in NumPy (SOURCES.md of the data). */
const models: [name: string, keras: string, accuracy: number][] = [
  ["tensorspace_mnist_keras.h5", "Keras 2.1.6", 0.9866],
  ["ikukang_mnist_cnn.h5", "Keras 2.3.1", 0.9908],
  ["jhas876622_mnist_cnn_keras3.h5", "Keras 3.11.3", 0.9905],
  ["jhas876622_mnist_cnn.keras", "Keras 3.11.3", 0.9905],
  ["cypherhk_mnist_cnn_model.keras", "Keras 3.11.3", 0.9774],
];

describe("model files of others", function () {
  before(function () {
    const data = needRealData.call(this);
    const isThere = existsSync(files) && existsSync(join(data, "mnist/t10k-images-idx3-ubyte.gz"));
    need(this, isThere ? data : undefined, `no Keras files or MNIST in ${data}`);
  });

  for (const [name, version, expected] of models) {
    it(`${name} of ${version} is right about ${(expected * 100).toFixed(2)} % of digits`, async () => {
      const capture = captureOutput();
      const model = await loadModel(join(files, name)).finally(() => capture.end());
      assert.equal(accuracy(model), expected);
      model.dispose();
    });
  }

  it("stormcodi_shape_classifier.h5 of Keras 2.12.0 is right about all 300 drawings", async () => {
    const capture = captureOutput();
    const model = await loadModel(join(files, "stormcodi_shape_classifier.h5")).finally(() => capture.end());
    const sets = ["shapes/training_set", "shapes/test_set"].map((set) => join(data, set));
    const kinds = readdirSync(sets[0]!).sort();
    for (const [label, kind] of kinds.entries()) {
      const pictures = sets.flatMap((set) =>
        readdirSync(join(set, kind)).map((name) => join(set, kind, name)),
      );
      assert.equal(pictures.length, 100);
      const pixels = await Promise.all(pictures.map((name) => sharp(name).removeAlpha().raw().toBuffer()));
      const values = Float32Array.from(
        pixels.flatMap((picture) => [...picture]),
        (value) => value / 255,
      );
      const answers = tf.tidy(() => {
        const scores = model.predict(tf.tensor4d(values, [100, 28, 28, 3])) as tf.Tensor;
        return Array.from(scores.argMax(-1).dataSync());
      });
      assert.deepEqual(new Set(answers), new Set([label]), kind);
    }
    model.dispose();
  });

  it("a description and weights in two files of Keras 2.2.2 make a model", async () => {
    const model = await loadModel(join(files, "tensorspace_mnist_separated_topology.json"));
    await loadWeights(model, join(files, "tensorspace_mnist_separated_weights.h5"));
    assert(accuracy(model) > 0.98);
    model.dispose();
  });

  it("a model of a class of its author's says so", async () => {
    await assert.rejects(
      loadModel(join(files, "kerasteam_pre_pr22362_nested_container.keras")),
      /expected a Sequential or functional model, found class NestedDenseModel in .*; build the model here/,
    );
  });

  it("weights of Keras 3.11.3 go into a model that is built here", async () => {
    const { layers } = tf;
    const model = tf.sequential({
      layers: [
        layers.conv2d({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 16, activation: "relu" }),
        layers.dense({ units: 10, activation: "softmax" }),
      ],
    });
    await loadWeights(model, join(files, "cypherhk_mnist_cnn.weights.h5"));
    assert.equal(accuracy(model), 0.9774);
    model.dispose();
  });
});
