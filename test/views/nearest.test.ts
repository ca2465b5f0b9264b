import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { nearest } from "../../src/views/nearest.ts";
import { says } from "../inspect/verdicts.ts";

/** Compares pixels: what its last layer with weights takes is the picture. */
function pixels() {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [1, 2, 1], name: "flat" }),
      tf.layers.dense({ units: 2, name: "dense" }),
    ],
  });
}

const images = () => tf.tensor([1, 0, 10, 1, 0, 1, 1, 1], [4, 1, 2, 1]);

describe("nearest", () => {
  it("orders pictures by angle, or by distance", () => {
    const order = (metric: "cosine" | "euclidean") =>
      nearest(pixels(), images(), tf.tensor([2, 0], [1, 2, 1]), { metric }).data.neighbours.map(
        ({ index }) => index,
      );
    assert.deepEqual(order("cosine"), [0, 1, 3, 2]);
    assert.deepEqual(order("euclidean"), [0, 3, 2, 1]);
  });

  it("leaves out the picture that is asked about, and says how many have its label", () => {
    const view = nearest(pixels(), images(), 0, { k: 2, labels: ["a", "a", "b", "b"], metric: "euclidean" });
    assert.equal(
      view.text,
      "Nearest by flat: 2 of 4 pictures, euclidean distance 1 to 1.41; 0% have its label\nb (picture 4), distance 1\nb (picture 3), distance 1.41",
    );
  });

  it("leaves no tensor, also when it fails", async () => {
    const [model, pictures] = [pixels(), images()];
    const before = tf.memory().numTensors;
    await nearest(model, pictures, 1).png();
    says(() => nearest(model, pictures, 4), /query: a picture, or an index 0 to 3, found 4/);
    says(() => nearest(model, pictures, pictures), /query: one picture, found 4/);
    says(() => nearest(model, pictures, 0, { layer: "flut" }), /did you mean "flat"/);
    assert.equal(tf.memory().numTensors, before);
  });
});
