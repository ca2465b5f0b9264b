import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { receptiveField } from "../../src/views/receptiveField.ts";

const { layers } = tf;

const lenet = () =>
  tf.sequential({
    name: "lenet",
    layers: [
      layers.conv2d({ inputShape: [32, 32, 1], filters: 6, kernelSize: 5, name: "c1" }),
      layers.averagePooling2d({ poolSize: 2, name: "s2" }),
      layers.conv2d({ filters: 16, kernelSize: 5, name: "c3" }),
      layers.flatten({ name: "flatten" }),
      layers.dense({ units: 10, name: "output" }),
    ],
  });

describe("receptiveField", () => {
  afterEach(() => tf.disposeVariables());

  it("is the box of a unit, and its numbers", () => {
    const { data, text } = receptiveField(lenet(), "c3", { unit: [0, 9] });
    assert.deepEqual(data, {
      layer: "c3",
      outputSize: [10, 10],
      inputSize: [32, 32],
      unit: [0, 9],
      box: [
        [0, 13],
        [18, 31],
      ],
      size: [14, 14],
      stride: [2, 2],
      cut: false,
    });
    assert.equal(
      text,
      "Receptive field of c3: a unit sees 14×14 of 32×32; neighbours 2 apart; unit [0, 9]: rows 0 to 13, columns 18 to 31",
    );
  });

  it("looks at the unit in the middle", () => {
    assert.deepEqual(receptiveField(lenet(), "c1").data.unit, [14, 14]);
  });

  it("is all of the picture behind a Flatten", () => {
    const { data, text } = receptiveField(lenet(), -1);
    assert.deepEqual([data.unit, data.outputSize, data.stride], [[], [], [0, 0]]);
    assert.match(text, /every unit: rows 0 to 31, columns 0 to 31$/);
  });

  it("is drawn on the picture", async () => {
    const image = tf.linspace(0, 1, 32 * 32).reshape([32, 32, 1]);
    const svg = await receptiveField(lenet(), "s2", { unit: [0, 0], image }).svg!();
    assert.match(svg, /<image /);
    assert.match(svg, />6×6</);
    // 32 pixels, 13 times enlarged: the box of six pixels begins in the corner of the picture.
    assert.match(svg, /<path d="M16 40h78v78h-78z" fill="none" stroke="#e6762a"/);
    image.dispose();
  });

  it("knows sequences, and the inputs of models that have several", () => {
    const [words, picture] = [
      tf.input({ shape: [20, 3], name: "words" }),
      tf.input({ shape: [9, 9, 1], name: "picture" }),
    ];
    const steps = layers.conv1d({ filters: 2, kernelSize: 3, padding: "causal", name: "steps" }).apply(words);
    const maps = layers.conv2d({ filters: 2, kernelSize: 3, name: "maps" }).apply(picture);
    const model = tf.model({ inputs: [words, picture], outputs: [steps, maps] as tf.SymbolicTensor[] });
    assert.deepEqual(receptiveField(model, "steps", { unit: [5] }).data.box, [[3, 5]]);
    assert.deepEqual(receptiveField(model, "maps", { unit: [0, 0], input: "picture" }).data.box, [
      [0, 2],
      [0, 2],
    ]);
    assert.throws(
      () => receptiveField(model, "maps"),
      /expected a layer that depends on "words", found "maps"/,
    );
    assert.throws(
      () => receptiveField(model, "maps", { input: "sound" }),
      /an input of the model: words, picture/,
    );
  });

  it("finds its way into nested models", () => {
    const inner = tf.sequential({
      name: "base",
      layers: [layers.conv2d({ inputShape: [10, 10, 1], filters: 1, kernelSize: 3, name: "deep" })],
    });
    const model = tf.sequential({
      layers: [layers.conv2d({ inputShape: [12, 12, 1], filters: 1, kernelSize: 3 }), inner],
    });
    assert.deepEqual(receptiveField(model, "deep", { unit: [0, 0] }).data.size, [5, 5]);
    assert.deepEqual(receptiveField(model, "base", { unit: [0, 0] }).data.size, [5, 5]);
  });

  it("says in one line what it cannot show, and leaves no tensors", () => {
    const model = lenet();
    const image = tf.zeros([28, 28, 1]);
    const before = tf.memory().numTensors;
    assert.throws(
      () => receptiveField(model, "c5"),
      /found "c5"; did you mean "c1"\? layers: c1, s2, c3, flatten, output/,
    );
    assert.throws(
      () => receptiveField(model, "c3", { unit: [10, 0] }),
      /expected unit: a place in 10×10, found \[10, 0\]/,
    );
    assert.throws(
      () => receptiveField(model, "c3", { image }),
      /expected an image of 32×32, found \[28, 28, 1\]; resize it/,
    );
    receptiveField(model, "c3");
    assert.equal(tf.memory().numTensors, before);
    image.dispose();
  });
});
