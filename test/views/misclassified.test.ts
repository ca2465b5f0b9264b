import assert from "node:assert/strict";
import sharp from "sharp";
import { tf } from "../../src/tensorflow/tf.ts";
import { misclassified } from "../../src/views/misclassified.ts";
import { says } from "../inspect/verdicts.ts";

/** Takes the first two pixels for the scores of two classes. */
function readsPixels() {
  const { layers } = tf;
  const model = tf.sequential({
    layers: [layers.flatten({ inputShape: [1, 2, 1] }), layers.activation({ activation: "linear" })],
  });
  return model;
}

describe("misclassified", () => {
  const images = () => tf.tensor([0.9, 0.1, 0.4, 0.6, 0.05, 0.95, 0.3, 0.7], [4, 1, 2, 1]);

  it("orders mistakes by how much more probable the wrong class is", () => {
    const view = misclassified(readsPixels(), images(), [0, 0, 0, 1], { classNames: ["4", "9"] });
    assert.deepEqual(
      view.data.mistakes.map(({ index }) => index),
      [2, 1],
    );
    assert.equal(
      view.text,
      [
        "Misclassified: 2 of 4 pictures, 50% are right",
        "picture 3: true 4 → 9 (95%)",
        "picture 2: true 4 → 9 (60%)",
      ].join("\n"),
    );
  });

  it("shows the worst ones only, and says so", () => {
    const { text, data } = misclassified(readsPixels(), images(), [1, 0, 0, 0], { top: 1 });
    assert.match(
      text,
      /^Misclassified: 4 of 4 pictures, 0% are right; the worst 1 are shown\npicture 3: true 0 → 1/,
    );
    assert.equal(data.mistakes.length, 4);
  });

  it("has a picture also where nothing is wrong", async () => {
    const view = misclassified(readsPixels(), images(), [0, 1, 1, 1]);
    assert.equal(view.text, "Misclassified: none of 4 pictures");
    assert.ok((await sharp(await view.png()).metadata()).width > 100);
  });

  it("leaves no tensor, and takes labels for each picture only", async () => {
    const [model, pictures] = [readsPixels(), images()];
    const before = tf.memory().numTensors;
    await misclassified(model, pictures, [1, 0, 0, 0]).png();
    says(() => misclassified(model, pictures, [1]), /labels for 4 pictures, found 1/);
    assert.equal(tf.memory().numTensors, before);
  });
});
