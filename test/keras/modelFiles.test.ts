import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import { writeHdf5 } from "../../src/keras/files/hdf5.ts";
import { toKerasConfig } from "../../src/keras/files/toKerasConfig.ts";
import { loadModel, loadWeights, saveModel, saveWeights } from "../../src/keras/modelFiles.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { needPython } from "../support/needs.ts";
import { captureOutput } from "./captureOutput.ts";

const fixtures = join(import.meta.dirname, "../fixtures/keras");
const models = join(fixtures, "models");
// Written by Keras: test/fixtures/keras/makeModels.py.
const expected = JSON.parse(readFileSync(join(models, "expected.json"), "utf8")) as {
  input: number[];
  predictions: Record<string, number[][]>;
};
const shape: [number, number, number, number] = [2, 8, 8, 3];

async function predict(model: tf.LayersModel): Promise<number[][]> {
  const outputs = tf.tidy(() => [model.predict(tf.tensor4d(expected.input, shape))].flat());
  const values = await Promise.all(outputs.map(async (output) => Array.from(await output.data())));
  tf.dispose(outputs);
  return values;
}

function assertClose(found: number[][], wanted: number[][], limit = 1e-5): void {
  assert.deepEqual(
    found.map((values) => values.length),
    wanted.map((values) => values.length),
  );
  found.forEach((values, output) =>
    values.forEach((value, index) => {
      const target = wanted[output]![index]!;
      const scale = Math.max(1, Math.abs(target));
      assert(
        Math.abs(value - target) <= limit * scale,
        `output ${output}, value ${index}: ${value} is not ${target}`,
      );
    }),
  );
}

/** Every kind of layer of the courses, with weights that a mistake would show. */
function ourModels(): Record<string, tf.LayersModel> {
  const { layers } = tf;
  const sequential = tf.sequential({
    layers: [
      layers.conv2d({
        filters: 4,
        kernelSize: 3,
        activation: "relu",
        inputShape: [8, 8, 3],
        kernelRegularizer: "l1l2",
      }),
      layers.batchNormalization(),
      layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", name: "mine" }),
      layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
      layers.separableConv2d({ filters: 3, kernelSize: 3, padding: "same", depthMultiplier: 2 }),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.dropout({ rate: 0.5 }),
      layers.flatten(),
      layers.dense({ units: 5, activation: "sigmoid" }),
      layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  sequential.compile({
    optimizer: tf.train.rmsprop(0.003, 0.8),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });

  const input = tf.input({ shape: [8, 8, 3] });
  const apply = (layer: tf.layers.Layer, on: tf.SymbolicTensor | tf.SymbolicTensor[]) =>
    layer.apply(on) as tf.SymbolicTensor;
  const padded = apply(layers.zeroPadding2d({ padding: [1, 1] }), input);
  const left = apply(layers.conv2d({ filters: 4, kernelSize: 3 }), padded);
  const right = apply(
    layers.leakyReLU({ alpha: 0.3 }),
    apply(layers.conv2d({ filters: 4, kernelSize: 3 }), padded),
  );
  const both = apply(layers.concatenate(), [left, apply(layers.add(), [left, right])]);
  const pooled = apply(layers.averagePooling2d({ poolSize: 2 }), both);
  const mean = apply(layers.globalAveragePooling2d({}), pooled);
  const functional = tf.model({
    inputs: input,
    outputs: [
      apply(layers.dense({ units: 2, name: "size" }), mean),
      apply(layers.activation({ activation: "tanh" }), mean),
    ],
  });

  const base = tf.sequential({
    layers: [
      layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3] }),
      layers.batchNormalization(),
    ],
  });
  const nested = tf.sequential({ layers: [base, layers.globalMaxPooling2d({}), layers.dense({ units: 2 })] });
  const all = { sequential, functional, nested };
  for (const model of Object.values(all)) {
    // Positive, so that they also do for variances; different everywhere.
    const weights = tf.tidy(() =>
      model
        .getWeights()
        .map((weight, index) => tf.keep(tf.randomUniform(weight.shape, 0.1, 0.8, "float32", index + 1))),
    );
    model.setWeights(weights);
    tf.dispose(weights);
  }
  return all;
}

describe("model files", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "models-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  for (const name of ["sequential", "functional", "nested"]) {
    it(`loads Keras 3's ${name}.h5, which then predicts what it did in Keras`, async () => {
      const before = tf.memory().numTensors;
      const model = await loadModel(join(models, `${name}.h5`));
      assertClose(await predict(model), expected.predictions[name]!);
      model.dispose();
      assert.equal(tf.memory().numTensors, before);
    });

    for (const file of [`${name}.weights.h5`, `${name}.h5`]) {
      it(`sets weights from Keras 3's ${file}`, async () => {
        const model = await loadModel(join(models, `${name}.h5`));
        const zeros = model.getWeights().map((weight) => tf.zerosLike(weight));
        model.setWeights(zeros);
        tf.dispose(zeros);
        const before = tf.memory().numTensors;
        await loadWeights(model, join(models, file));
        assert.equal(tf.memory().numTensors, before);
        assertClose(await predict(model), expected.predictions[name]!);
        model.dispose();
      });
    }
  }

  it("keeps the names of Keras' layers, and compiles as the file says", async () => {
    const model = await loadModel(join(models, "sequential.h5"));
    assert.equal(model.name, "small");
    assert.deepEqual(model.layers.map(({ name }) => name).slice(0, 3), [
      "first",
      "batch_normalization",
      "depthwise_conv2d",
    ]);
    assert.deepEqual(model.optimizer.getConfig(), {
      learningRate: Math.fround(0.002),
      decay: 0.8,
      momentum: 0,
      epsilon: 1e-7,
      centered: false,
    });
    assert.equal(model.loss, "categoricalCrossentropy");
    assert.deepEqual(model.metrics, ["accuracy"]);
    model.dispose();
  });

  for (const ending of [".keras", ".h5", ".hdf5", ".weights.h5"]) {
    for (const name of ["sequential", "functional", "nested"]) {
      it(`reads what it has written: ${name}${ending}`, async () => {
        const original = ourModels()[name]!;
        const path = join(directory, `deep/er/${name}${ending}`);
        const before = tf.memory().numTensors;
        let copy = original;
        if (ending === ".weights.h5") {
          await saveWeights(original, path);
          copy = ourModels()[name]!;
          const zeros = copy.getWeights().map((weight) => tf.zerosLike(weight));
          copy.setWeights(zeros);
          tf.dispose(zeros);
          await loadWeights(copy, path);
        } else {
          await saveModel(original, path);
          copy = await loadModel(path);
          assert.equal(tf.memory().numTensors, before + original.weights.length);
        }
        assert.deepEqual(await predict(copy), await predict(original));
        assert.deepEqual(readdirSync(join(directory, "deep/er")), [`${name}${ending}`]);
      });
    }
  }

  it("writes files that Keras loads and predicts the same with", async function () {
    const python = needPython.call(this);
    const made = ourModels();
    const files: string[] = [];
    const weights: Record<string, string[]> = {};
    for (const [name, model] of Object.entries(made)) {
      for (const variant of ["plain", "after-weights", "after-legacy-weights"]) {
        const path = join(directory, `${name}-${variant}.h5`);
        await saveModel(model, path);
        files.push(path);
        if (variant !== "plain") {
          const ending = variant === "after-weights" ? ".weights.h5" : "-only.h5";
          weights[path] = [join(directory, `${name}${ending}`)];
          await saveWeights(model, weights[path][0]!);
        }
      }
    }
    const request = JSON.stringify({ files, weights, input: expected.input, shape });
    const answer = JSON.parse(
      execFileSync(python, [join(fixtures, "predict.py")], {
        input: request,
        encoding: "utf8",
        stdio: ["pipe", "pipe", "ignore"],
      }),
    ) as Record<string, { predictions: number[][]; layers: string[]; optimizer: unknown }>;
    for (const path of files) {
      const name = /(\w+)-/.exec(path.slice(directory.length))![1]!;
      assertClose(await predict(made[name]!), answer[path]!.predictions);
    }
    const { layers, optimizer } = answer[files[0]!]!;
    assert.deepEqual(layers, [
      ...[
        "conv2d",
        "batch_normalization",
        "mine",
        "depthwise_conv2d",
        "separable_conv2d",
        "re_lu",
        "max_pooling2d",
      ],
      ...["dropout", "flatten", "dense", "dense_1"],
    ]);
    const { class: optimizerClass, learning_rate: rate, rho } = optimizer as Record<string, number>;
    assert.deepEqual([optimizerClass, Math.fround(rate!), rho], ["RMSprop", Math.fround(0.003), 0.8]);
  });

  it("writes the initializer that was used", () => {
    const { sequential } = ourModels();
    const config = toKerasConfig(sequential!).config.layers as { config: { kernel_initializer: unknown } }[];
    assert.deepEqual(config[1]!.config.kernel_initializer, {
      class_name: "VarianceScaling",
      config: { scale: 1, mode: "fan_avg", distribution: "normal", seed: null },
    });
  });

  describe("refuse in one line, and change nothing:", () => {
    const refuses = (work: Promise<unknown>, message: RegExp) =>
      assert.rejects(work, (error) => {
        assert(error instanceof InputError, String(error));
        assert.match(error.message, message);
        assert(!error.message.includes("\n"));
        return true;
      });
    const other = () =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], name: "first" }),
          tf.layers.batchNormalization(),
          tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
          tf.layers.separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 4, name: "last" }),
        ],
      });

    for (const file of ["sequential.h5", "sequential.weights.h5"]) {
      it(`weights of another shape in ${file}`, async () => {
        const model = other();
        const before = await predict(model);
        await refuses(
          loadWeights(model, join(models, file)),
          /^loadWeights: expected layer "last" kernel of shape \[16, 4\], found \[16, 3\] \(saved as "dense"\); build the model/,
        );
        assert.deepEqual(await predict(model), before);
      });
      it(`another number of layers in ${file}`, async () => {
        const model = tf.sequential({
          layers: [tf.layers.dense({ units: 1, inputShape: [2], name: "only" })],
        });
        await refuses(
          loadWeights(model, join(models, file)),
          /expected 1 layers with weights \(only\), found 5/,
        );
      });
    }

    it("no file", () => refuses(loadModel("nowhere.h5"), /^loadModel: .*found no such file: nowhere\.h5/));
    it("a file that is not HDF5", async () => {
      const path = join(directory, "text.h5");
      writeFileSync(path, "not HDF5 ".repeat(20));
      await refuses(loadModel(path), /text\.h5, which is not HDF5/);
    });
    it("a file cut short", async () => {
      const path = join(directory, "short.h5");
      const whole = readFileSync(join(models, "sequential.h5"));
      writeFileSync(path, whole.subarray(0, 20000));
      await refuses(
        loadModel(path),
        new RegExp(`cut short: 20000 of ${whole.length} bytes; copy or download it again`),
      );
    });
    it("a damaged file", async () => {
      const path = join(directory, "damaged.h5");
      const whole = readFileSync(join(models, "sequential.h5"));
      whole.fill(0xff, 600, 12000);
      writeFileSync(path, whole);
      await refuses(loadModel(path), /^loadModel: .*damaged/);
      // The library still works afterwards.
      (await loadModel(join(models, "sequential.h5"))).dispose();
    });
    it("only weights where a model is wanted", async () => {
      const path = join(directory, "weights.h5");
      await saveWeights(other(), path);
      await refuses(loadModel(path), /holds only weights; build the model and use loadWeights/);
      await refuses(loadModel(join(models, "sequential.weights.h5")), /use loadWeights\(model, path\)/);
    });
    it("a form that is not supported", async () => {
      await refuses(loadModel("model.onnx"), /ends in .*\.h5.* found model\.onnx/);
      await refuses(saveModel(other(), "model.zip"), /found model\.zip/);
    });
    it("a place that cannot be written", async () => {
      writeFileSync(join(directory, "file"), "");
      await refuses(saveModel(other(), join(directory, "file/model.h5")), /^write: expected a place for/);
    });
    it("a full disk, and leaves no part of the file", async () => {
      const path = join(directory, "model.h5");
      const fail = () => {
        throw new Error("HDF5-DIAG: …\n errno = 51, error message = 'No space left on device', …");
      };
      await refuses(
        writeHdf5(path, fail),
        /^write: expected a place for .*model\.h5, found No space left on device; free space/,
      );
      assert.deepEqual(readdirSync(directory), []);
      await saveModel(other(), path);
      assert.deepEqual(readdirSync(directory), ["model.h5"]);
    });
    it("a layer that TensorFlow.js has not", async () => {
      const path = join(directory, "unknown.h5");
      await writeHdf5(path, (file) => {
        const layers = [{ class_name: "Mystery", config: { name: "m", batch_input_shape: [null, 2] } }];
        file.create_attribute(
          "model_config",
          JSON.stringify({ class_name: "Sequential", config: { name: "s", layers } }),
        );
        file.create_group("model_weights").create_attribute("layer_names", ["m"], [1], "S1");
        (file.get("model_weights") as typeof file).create_group("m");
      });
      await refuses(
        loadModel(path),
        /found layer Mystery "m" in .*unknown\.h5; give its class as customObjects: \{ Mystery \}/,
      );
    });
  });

  it("says when a model cannot be compiled here", async () => {
    const path = join(directory, "uncompiled.h5");
    await writeHdf5(path, (file) => {
      const config = { name: "d", units: 1, batch_input_shape: [null, 2] };
      file.create_attribute(
        "model_config",
        JSON.stringify({
          class_name: "Sequential",
          config: { name: "s", layers: [{ class_name: "Dense", config }] },
        }),
      );
      file.create_attribute(
        "training_config",
        JSON.stringify({ loss: "mystery", optimizer_config: { class_name: "Adam", config: {} } }),
      );
      const group = file.create_group("model_weights");
      group.create_attribute("layer_names", ["d"], [1], "S1");
      const layer = group.create_group("d");
      layer.create_attribute("weight_names", ["k", "b"], [2], "S1");
      layer.create_dataset({ name: "k", data: Float32Array.of(2, 3), shape: [2, 1] });
      layer.create_dataset({ name: "b", data: Float32Array.of(1), shape: [1] });
    });
    const capture = captureOutput();
    const model = await loadModel(path).finally(() =>
      assert.match(capture.end(), /uncompiled\.h5 is not compiled/),
    );
    assert.deepEqual(
      Array.from(tf.tidy(() => (model.predict(tf.tensor2d([[1, 1]])) as tf.Tensor).dataSync())),
      [6],
    );
  });
});
