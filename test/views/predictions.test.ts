import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { predictions } from "../../src/views/predictions.ts";
import { says } from "../inspect/verdicts.ts";

const { layers } = tf;

function readsPixels(activation: "linear" | "softmax" = "linear") {
  return tf.sequential({
    layers: [layers.flatten({ inputShape: [1, 3, 1] }), layers.activation({ activation })],
  });
}

describe("predictions", () => {
  const classNames = ["cat", "dog", "fox"];

  it("shows the most probable classes, the first of them first", async () => {
    const view = predictions(readsPixels(), tf.tensor([0.1, 0.2, 0.7], [1, 3, 1]), { top: 2, classNames });
    assert.deepEqual(
      view.data.top[0]!.map(({ index, name }) => [index, name]),
      [
        [2, "fox"],
        [1, "dog"],
      ],
    );
    assert.equal(view.text, "Predictions: fox (70%), dog (20%)");
    const svg = await view.svg!();
    assert.match(svg, />fox</);
    assert.match(svg, /<image/);
  });

  it("takes several pictures", () => {
    const view = predictions(readsPixels(), tf.tensor([1, 0, 0, 0, 1, 0], [2, 1, 3, 1]), { top: 1 });
    assert.equal(view.text, "Predictions\npicture 1: 0 (100%)\npicture 2: 1 (100%)");
  });

  it("draws and lists the first of 10,000 pictures, and says so; the others are in the data", () => {
    const { text, data } = predictions(readsPixels("softmax"), tf.zeros([10_000, 1, 3, 1]), { top: 1 });
    assert.match(text, /^Predictions; the first 24 of 10,000 pictures\npicture 1: /);
    assert.equal(text.split("\n").length, 25);
    assert.equal(data.top.length, 10_000);
  });

  it("makes probabilities of logits, and says so", () => {
    const view = predictions(readsPixels(), tf.tensor([5, -5, -5], [1, 3, 1]));
    assert.equal(view.data.applied, "softmax");
    assert.match(view.text, /softmax applied to the model's numbers: 0 \(99.9%\)/);
  });

  it("says when pictures look unscaled, and does not scale them", () => {
    const advice = /numbers go up to 255: if the model was trained on 0 to 1, give images\.div\(255\)/;
    const image = tf.tensor([0, 255, 3], [1, 3, 1]);
    assert.match(predictions(readsPixels(), image).text, advice);
    assert.doesNotMatch(predictions(readsPixels(), image.div(255)).text, /numbers go up/);
    assert.doesNotMatch(predictions(readsPixels(), image.sub(10)).text, /numbers go up/);
    const norm = tf.sequential({
      layers: [layers.batchNormalization({ inputShape: [1, 3, 1] }), layers.flatten(), layers.softmax()],
    });
    assert.doesNotMatch(predictions(norm, image).text, /numbers go up/);
  });

  it("asks one output of several, of a model with several inputs", () => {
    const inputs = [tf.input({ shape: [2], name: "a" }), tf.input({ shape: [2], name: "b" })];
    const outputs = inputs.map((input, i) =>
      layers.activation({ activation: "linear", name: `out${i}` }).apply(input),
    ) as tf.SymbolicTensor[];
    const model = tf.model({ inputs, outputs });
    const pair = [tf.tensor1d([0.9, 0.1]), tf.tensor1d([0.2, 0.8])];
    assert.equal(predictions(model, pair, { output: 1 }).data.top[0]![0]!.index, 1);
    assert.equal(predictions(model, pair, { output: model.outputNames[0]! }).data.top[0]![0]!.index, 0);
    says(() => predictions(model, pair), /output: one of the 2 of .*, found nothing; outputs: /);
  });

  it("leaves no tensor, also when it fails", () => {
    const [model, image] = [readsPixels(), tf.zeros([1, 3, 1])];
    const before = tf.memory().numTensors;
    predictions(model, image);
    says(
      () =>
        predictions(
          model,
          tf.tidy(() => tf.zeros([4])),
        ),
      /expected an image of shape \[1, 3, 1\]/,
    );
    says(() => predictions(model, image, { classNames: ["a"] }), /classNames for 3 classes, found 1/);
    const maps = tf.sequential({
      layers: [layers.activation({ inputShape: [1, 3, 1], activation: "linear" })],
    });
    says(() => predictions(maps, image), /gives a row of scores for each picture, found \[1, 1, 3, 1\]/);
    tf.disposeVariables();
    assert.ok(tf.memory().numTensors <= before + 1);
  });
});
