import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import { applications } from "../../src/keras/applications.ts";
import { layers as kerasLayers } from "../../src/keras/layers.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { summary } from "../../src/views/summary.ts";

const fixture = new URL("../fixtures/views/summaries.json", import.meta.url);
const { summaries, hashes } = JSON.parse(readFileSync(fixture, "utf8")) as {
  summaries: Record<string, string>;
  hashes: Record<string, string>;
};
const { layers } = tf;

// The models of test/fixtures/views/makeSummaries.py, layer by layer.
const models: Record<string, () => tf.LayersModel> = {
  shapes() {
    const model = tf.sequential({ name: "sequential" });
    [32, 64, 64].forEach((filters, block) => {
      const input = block === 0 ? { inputShape: [28, 28, 3] } : {};
      const first = `conv2d_${2 * block}`;
      model.add(layers.conv2d({ filters, kernelSize: 3, padding: "same", name: first, ...input }));
      model.add(layers.conv2d({ filters, kernelSize: 3, name: `conv2d_${2 * block + 1}` }));
      model.add(layers.maxPooling2d({ poolSize: 2, name: `max_pooling2d_${block}` }));
      model.add(layers.dropout({ rate: 0.5, name: `dropout_${block}` }));
    });
    model.add(layers.flatten({ name: "flatten" }));
    model.add(layers.dense({ units: 512, name: "dense" }));
    model.add(layers.dropout({ rate: 0.5, name: "dropout_3" }));
    model.add(layers.dense({ units: 3, name: "dense_1" }));
    return model;
  },
  frozen: () =>
    tf.sequential({
      name: "frozen",
      layers: [
        layers.inputLayer({ inputShape: [12, 12, 1] }),
        layers.conv2d({ filters: 8, kernelSize: 3, name: "first", trainable: false }),
        layers.batchNormalization({ name: "batch_normalization" }),
        layers.globalAveragePooling2d({ name: "a_layer_with_a_rather_long_name" }),
        layers.dense({ units: 2, name: "last" }),
      ],
    }),
  chain() {
    const image = tf.input({ shape: [8, 8, 3], name: "image" });
    const maps = layers.conv2d({ filters: 4, kernelSize: 3, name: "conv" }).apply(image);
    const flat = layers.flatten({ name: "flatten" }).apply(maps);
    const score = layers.dense({ units: 1, name: "score" }).apply(flat) as tf.SymbolicTensor;
    return tf.model({ inputs: image, outputs: score, name: "chain" });
  },
  residual() {
    const image = tf.input({ shape: [32, 32, 3], name: "image" });
    const convolution = (filters: number, kernelSize: number, name: string, input: tf.SymbolicTensor) =>
      layers.conv2d({ filters, kernelSize, padding: "same", name }).apply(input) as tf.SymbolicTensor;
    const x = convolution(16, 3, "block1_conv1", image);
    const y = convolution(16, 3, "block1_conv2", x);
    const sum = layers.add({ name: "block1_add" }).apply([x, y]) as tf.SymbolicTensor;
    const z = convolution(8, 1, "block2_a_convolution_with_a_long_name", sum);
    const both = layers.concatenate({ name: "block2_concatenate" }).apply([sum, z]);
    const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(both);
    const outputs = layers.dense({ units: 10, name: "predictions" }).apply(pooled) as tf.SymbolicTensor;
    return tf.model({ inputs: image, outputs, name: "residual" });
  },
  shared() {
    const inputs = ["left", "right"].map((name) => tf.input({ shape: [20], name }));
    const tower = layers.dense({ units: 8, name: "tower" });
    const towers = inputs.map((input) => tower.apply(input) as tf.SymbolicTensor);
    const both = layers.concatenate({ name: "both" }).apply(towers);
    const outputs = [
      layers.dense({ units: 1, name: "first" }).apply(both),
      layers.dense({ units: 5, name: "second" }).apply(both),
    ] as tf.SymbolicTensor[];
    return tf.model({ inputs, outputs, name: "shared" });
  },
  nested() {
    const base = tf.sequential({
      name: "base",
      layers: [
        layers.conv2d({ inputShape: [16, 16, 3], filters: 4, kernelSize: 3, name: "inner_conv" }),
        layers.batchNormalization({ name: "inner_norm" }),
        layers.globalMaxPooling2d({ name: "inner_pool" }),
      ],
    });
    base.trainable = false;
    return tf.sequential({ name: "nested", layers: [base, layers.dense({ units: 3, name: "head" })] });
  },
  large: () =>
    // Zeros, since random numbers for a hundred million weights would take seconds.
    tf.sequential({
      name: "large",
      layers: [
        layers.dense({ inputShape: [25088], units: 4096, name: "fc1", kernelInitializer: "zeros" }),
        layers.dense({ units: 1000, name: "fc2", kernelInitializer: "zeros" }),
      ],
    }),
  lenet: () =>
    tf.sequential({
      name: "lenet",
      layers: [
        layers.conv2d({ inputShape: [32, 32, 1], filters: 6, kernelSize: 5, name: "c1" }),
        layers.averagePooling2d({ poolSize: 2, name: "s2" }),
        layers.conv2d({ filters: 16, kernelSize: 5, name: "c3" }),
        layers.averagePooling2d({ poolSize: 2, name: "s4" }),
        layers.conv2d({ filters: 120, kernelSize: 5, name: "c5" }),
        layers.flatten({ name: "flatten" }),
        layers.dense({ units: 84, name: "f6" }),
        layers.dense({ units: 10, name: "output" }),
      ],
    }),
  steps() {
    const words = tf.input({ shape: [null, 12], name: "words" });
    const lstm = layers.lstm({ units: 8, returnSequences: true, name: "lstm" });
    const both = layers.bidirectional({ layer: lstm, mergeMode: "concat", name: "both_ways" }).apply(words);
    const conv = layers.conv1d({ filters: 6, kernelSize: 3, padding: "causal", name: "conv" }).apply(both);
    const dense = layers.dense({ units: 3, name: "dense" });
    const each = layers.timeDistributed({ layer: dense, name: "each_step" }).apply(conv);
    const outputs = kerasLayers.gru({ units: 4, name: "gru" }).apply(each) as tf.SymbolicTensor;
    return tf.model({ inputs: words, outputs, name: "steps" });
  },
  deep() {
    const inner = tf.sequential({
      name: "inner",
      layers: [
        layers.conv2d({ inputShape: [8, 8, 2], filters: 3, kernelSize: 3, name: "conv" }),
        layers.batchNormalization({ name: "norm" }),
      ],
    });
    const maps = tf.input({ shape: [8, 8, 2], name: "maps" });
    const relu = layers.reLU({ name: "relu" }).apply(inner.apply(maps)) as tf.SymbolicTensor;
    const middle = tf.model({ inputs: maps, outputs: relu, name: "middle" });
    const image = tf.input({ shape: [8, 8, 2], name: "image" });
    const flat = layers.flatten({ name: "flatten" }).apply(middle.apply(image));
    const outputs = ["first", "second"].map(
      (name, i) => layers.dense({ units: 2 + i, name }).apply(flat) as tf.SymbolicTensor,
    );
    return tf.model({ inputs: image, outputs, name: "deep" });
  },
};

describe("summary", () => {
  beforeEach(() => tf.disposeVariables());

  for (const name of [
    "shapes",
    "frozen",
    "chain",
    "residual",
    "shared",
    "nested",
    "large",
    "lenet",
    "steps",
    "deep",
  ]) {
    it(`writes what Keras 3 writes: ${name}`, () => {
      const model = models[name]!();
      assert.equal(`${summary(model).text}\n`, summaries[name]);
    });
  }

  it("writes what Keras 3 writes of the layers inside of nested models", () => {
    assert.equal(`${summary(models.nested!(), { expandNested: true }).text}\n`, summaries.nestedExpanded);
  });

  it("writes what Keras 3 writes of models in models in models", () => {
    assert.equal(`${summary(models.deep!(), { expandNested: true }).text}\n`, summaries.deepExpanded);
  });

  it("writes what Keras 3 writes of what is trainable", () => {
    for (const name of ["frozen", "residual"]) {
      const { text } = summary(models[name]!(), { showTrainable: true });
      assert.equal(`${text}\n`, summaries[`${name}Trainable`]);
    }
  });

  it("writes what Keras 3 writes into lines of another length", () => {
    assert.equal(`${summary(models.residual!(), { lineLength: 120 }).text}\n`, summaries.residualLong);
    assert.equal(`${summary(models.shapes!(), { lineLength: 60 }).text}\n`, summaries.shapesShort);
  });

  it("writes what Keras 3 writes of VGG16, InceptionV3 and MobileNet", async () => {
    const { vgg16, inceptionV3, mobileNet } = applications;
    for (const [name, make] of Object.entries({
      VGG16: vgg16,
      InceptionV3: inceptionV3,
      MobileNet: mobileNet,
    })) {
      const { text } = summary(await make({ weights: null }));
      assert.equal(createHash("sha256").update(`${text}\n`).digest("hex"), hashes[name], name);
      tf.disposeVariables();
    }
  });

  it("shows layers that are not built yet as Keras does", () => {
    const model = tf.sequential({ name: "unbuilt" });
    // TensorFlow.js adds no layer without a shape to a Sequential; loaded files may hold such.
    model.layers.push(
      layers.conv2d({ filters: 4, kernelSize: 3, name: "conv" }),
      layers.flatten({ name: "flatten" }),
    );
    assert.equal(`${summary(model).text}\n`, summaries.unbuilt);
  });

  it("has the numbers", () => {
    const { data } = summary(models.frozen!());
    assert.deepEqual(data.total, { count: 130, bytes: 520 });
    assert.deepEqual(data.trainable, { count: 34, bytes: 136 });
    assert.deepEqual(
      data.layers.map(({ params }) => params),
      [80, 32, 0, 18],
    );
    assert.deepEqual(data.layers[0]!.outputShapes, [[null, 10, 10, 8]]);
    assert.equal(data.layers[0]!.trainable, false);
  });

  it("counts multiplications, memory and what a unit sees: LeNet-5, by hand", () => {
    const { data } = summary(models.lenet!());
    assert.deepEqual(
      data.layers.map(({ macs }) => macs),
      // 5·5·1·6 numbers on 28·28 places, 5·5·6·16 on 10·10, 5·5·16·120 on one, and the matrices.
      [117_600, 0, 240_000, 0, 48_000, 0, 10_080, 840],
    );
    assert.equal(data.macs, 416_520);
    assert.equal(data.layers[0]!.activationBytes, 4 * 28 * 28 * 6);
    assert.deepEqual(
      data.layers.slice(0, 5).map(({ sight }) => [sight!.receptiveField[0], sight!.stride[0], sight!.whole]),
      [
        [5, 1, false],
        [6, 2, false],
        [14, 2, false],
        [16, 4, false],
        [32, 4, false],
      ],
    );
    assert.equal(data.layers[6]!.sight!.whole, true);
  });

  it("adds up what is in nested models", () => {
    const { data } = summary(models.deep!(), { expandNested: true });
    const macs = new Map(data.layers.map((layer) => [layer.name, layer.macs]));
    assert.equal(macs.get("conv"), 3 * 3 * 2 * 3 * 6 * 6);
    assert.equal(macs.get("middle"), macs.get("conv"));
    assert.equal(data.macs, macs.get("conv")! + 6 * 6 * 3 * 5);
  });

  it("says of lengths that nobody knows that they are not known", () => {
    const { data } = summary(models.steps!());
    assert.equal(data.macs, undefined);
    assert.match(summary(models.steps!(), { details: true }).text, /MACs of one sample: unknown/);
  });

  it("has all columns in the text when asked for details, and cuts no name", () => {
    const { text } = summary(models.residual!(), { details: true });
    assert.match(text, /block2_a_convolution_with_a_long_name \(Conv2D\)/);
    for (const header of [
      "Share",
      "MACs",
      "Memory",
      "Receptive field",
      "Stride",
      "Trainable",
      "Connected to",
    ]) {
      assert.match(text, new RegExp(`┃ +${header} +┃`));
    }
  });

  it("says in one line what it cannot take", () => {
    assert.throws(() => summary({} as tf.LayersModel), { name: "InputError", message: /a model of layers/ });
    assert.throws(() => summary(models.frozen!(), { lineLength: 10 }), InputError);
  });

  it("shows itself as a table of HTML and as text, without a PNG that HTML would hide", async () => {
    const view = summary(models.chain!());
    const { data } = await view.bundle();
    assert.deepEqual(Object.keys(data).sort(), ["text/html", "text/plain"]);
    assert.equal(data["text/plain"], view.text);
    const html = data["text/html"] as string;
    assert.equal(html.match(/<tr/g)?.length, 1 + 4);
    assert.match(html, /<td[^>]*>conv \(Conv2D\)<\/td>/);
    for (const header of ["Share", "MACs", "Memory", "Receptive field", "Stride", "Trainable"]) {
      assert.match(html, new RegExp(`<th[^>]*>${header}</th>`));
    }
    // A sanitizer drops these, and a text colour would be wrong on a dark page.
    assert.doesNotMatch(html, /<style|<script|[^-]color:|var\(/);
  });

  it("writes names as text, not as HTML", async () => {
    const model = tf.sequential({ name: "a<b>&c", layers: [layers.dense({ inputShape: [1], units: 1 })] });
    const { data } = await summary(model).bundle();
    assert.match(data["text/html"] as string, /a&lt;b&gt;&amp;c/);
  });

  it("can still be drawn", async () => {
    const { format, width = 0, height = 0 } = await sharp(await summary(models.chain!()).png()).metadata();
    assert.equal(format, "png");
    assert.ok(width > 2 * 500 && height > 2 * 200, `${width}×${height}`);
  });

  it("makes no tensors", () => {
    const model = models.shapes!();
    const before = tf.memory().numTensors;
    summary(model);
    assert.equal(tf.memory().numTensors, before);
  });
});
