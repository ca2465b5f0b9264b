import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { applications } from "../../src/keras/applications.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { summary } from "../../src/views/summary.ts";
import { models } from "./summarized.ts";

const fixture = new URL("../fixtures/views/summaries.json", import.meta.url);
const { summaries, hashes } = JSON.parse(readFileSync(fixture, "utf8")) as {
  summaries: Record<string, string>;
  hashes: Record<string, string>;
};
const { layers } = tf;

describe("the text of a summary", () => {
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
});
