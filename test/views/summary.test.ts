import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { tf } from "../../src/tensorflow/tf.ts";
import { summary } from "../../src/views/summary.ts";

const fixture = new URL("../fixtures/views/summaries.json", import.meta.url);
const { summaries } = JSON.parse(readFileSync(fixture, "utf8")) as { summaries: Record<string, string> };
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
};

describe("summary", () => {
  beforeEach(() => tf.disposeVariables());

  for (const name of ["shapes", "frozen", "chain", "residual", "shared", "nested", "large"]) {
    it(`writes what Keras 3 writes: ${name}`, () => {
      const model = models[name]!();
      assert.equal(`${summary(model).text}\n`, summaries[name]);
    });
  }

  it("writes what Keras 3 writes of the layers inside of nested models", () => {
    assert.equal(`${summary(models.nested!(), { expandNested: true }).text}\n`, summaries.nestedExpanded);
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

  it("shows itself as a table of HTML and as text, without a PNG that HTML would hide", async () => {
    const view = summary(models.chain!());
    const { data } = await view.bundle();
    assert.deepEqual(Object.keys(data).sort(), ["text/html", "text/plain"]);
    assert.equal(data["text/plain"], view.text);
    const html = data["text/html"] as string;
    assert.equal(html.match(/<tr/g)?.length, 1 + 4);
    assert.match(html, /<td[^>]*>conv \(Conv2D\)<\/td>/);
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
