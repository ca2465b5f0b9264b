import assert from "node:assert/strict";
import { tf } from "../../../src/tensorflow/tf.ts";

describe("differentiateGreater", () => {
  it("lets thresholdedReLU pass on the gradient where its input is above the threshold", () => {
    const { numTensors } = tf.memory();
    tf.tidy(() => {
      const layer = tf.layers.thresholdedReLU({ theta: 0.5 });
      const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.square(layer.apply(x) as tf.Tensor)));
      assert.deepEqual(gradient(tf.tensor1d([-1, 0.25, 0.5, 0.75, 2])).arraySync(), [0, 0, 0, 1.5, 4]);
    });
    assert.equal(tf.memory().numTensors, numTensors);
  });
});
