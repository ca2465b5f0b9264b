import assert from "node:assert/strict";
import { tf } from "../../../src/tensorflow/tf.ts";

const gradientOf = (of: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): unknown =>
  tf.tidy(() =>
    tf
      .grad((values) => tf.sum(tf.mul(of(values), 12)))(x)
      .arraySync(),
  );

describe("shareAmongEqual", () => {
  const x = tf.keep(tf.tensor2d([1, 3, 3, 3, 0, 0, 5, 7], [2, 4]));
  after(() => x.dispose());

  // As tf.GradientTape says of reduce_max and reduce_min.
  it("divides the gradient of a maximum by how many values are as large", () => {
    const { numTensors } = tf.memory();
    assert.deepEqual(
      gradientOf((values) => tf.max(values, 1), x),
      [
        [0, 4, 4, 4],
        [0, 0, 0, 12],
      ],
    );
    assert.equal(tf.memory().numTensors, numTensors);
  });

  it("does the same for a minimum, with the axis kept, and over all axes", () => {
    assert.deepEqual(
      gradientOf((values) => tf.min(values, -1, true), x),
      [
        [12, 0, 0, 0],
        [6, 6, 0, 0],
      ],
    );
    assert.deepEqual(
      gradientOf((values) => tf.min(values), x),
      [
        [0, 0, 0, 0],
        [6, 6, 0, 0],
      ],
    );
  });
});
