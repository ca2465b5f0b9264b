import assert from "node:assert/strict";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

describe("improvePointwiseGradient", () => {
  for (const [height, width, strides, pad] of [
    [6, 4, 2, "same"],
    [5, 7, 2, "same"],
    [5, 7, 3, "valid"],
    [6, 5, [1, 2], "valid"],
  ] as const) {
    it(`is that of the pixels seen: ${height} × ${width}, strides ${String(strides)}, ${pad}`, function () {
      needTensorflow.call(this);
      const { numTensors } = tf.memory();
      tf.tidy(() => {
        const x = tf.randomNormal<tf.Rank.R4>([2, height, width, 3]);
        const filter = tf.randomNormal<tf.Rank.R4>([1, 1, 3, 2]);
        const [down, right] = typeof strides === "number" ? [strides, strides] : strides;
        const gradient = (loss: (filter: tf.Tensor4D) => tf.Tensor) =>
          tf.grad((each) => loss(each as tf.Tensor4D))(filter);
        const own = gradient((each) => tf.square(tf.conv2d(x, each, [down, right], pad)));
        // The same convolution with strides of 1, and nothing of the pixels that are not seen.
        const seen = tf.tensor(
          Array.from({ length: height * width }, (_, at) =>
            Math.floor(at / width) % down === 0 && (at % width) % right === 0 ? 1 : 0,
          ),
          [1, height, width, 1],
        );
        const wanted = gradient((each) => tf.mul(tf.square(tf.conv2d(x, each, 1, pad)), seen));
        const off = tf.max(tf.abs(tf.sub(own, wanted))).dataSync()[0]!;
        assert.ok(off < 1e-4, `off by ${off}`);
      });
      assert.equal(tf.memory().numTensors, numTensors);
    });
  }

  it("ends the process no more where channels are few", function () {
    needTensorflow.call(this);
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([3, 10, 8, 1]);
      const gradient = tf.grad((each: tf.Tensor) => tf.conv2d(x, each as tf.Tensor4D, 2, "same"));
      for (let time = 0; time < 200; time++)
        assert.deepEqual(gradient(tf.ones([1, 1, 1, 1])).dataSync()[0], 60);
    });
  });
});
