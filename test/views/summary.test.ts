import assert from "node:assert/strict";
import sharp from "sharp";
import { InputError } from "../../src/errors.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { summary } from "../../src/views/summary.ts";
import { models } from "./summarized.ts";

const { layers } = tf;

describe("summary", () => {
  beforeEach(() => tf.disposeVariables());

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
