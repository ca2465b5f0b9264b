import assert from "node:assert/strict";
import { needTensorflow } from "../../support/needTensorflow.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

describe("denseBincount", () => {
  before(needTensorflow);

  const values = (count: () => tf.Tensor): unknown => tf.tidy(() => count().arraySync());
  const none = (): tf.Tensor1D => tf.tensor1d([]);

  it("counts numbers, in all and in each row", () => {
    assert.deepEqual(
      values(() => tf.denseBincount(tf.tensor1d([1, 1, 3], "int32"), none(), 4)),
      [0, 2, 0, 1],
    );
    const rows = [
      [0, 2],
      [2, 2],
    ];
    assert.deepEqual(
      values(() => tf.denseBincount(tf.tensor2d(rows, [2, 2], "int32"), tf.tensor2d([], [0, 0]), 3)),
      [
        [1, 0, 1],
        [0, 0, 2],
      ],
    );
  });

  it("adds weights, or says only whether", () => {
    const x = (): tf.Tensor1D => tf.tensor1d([1, 1, 3], "int32");
    assert.deepEqual(
      values(() => tf.denseBincount(x(), tf.tensor1d([0.5, 1, 2]), 4)),
      [0, 1.5, 0, 2],
    );
    assert.deepEqual(
      values(() => tf.denseBincount(x(), none(), 4, true)),
      [0, 1, 0, 1],
    );
  });

  it("encodes categories in a layer", () => {
    const layer = tf.layers.categoryEncoding({ numTokens: 4, outputMode: "multiHot" });
    assert.deepEqual(
      values(
        () =>
          layer.apply(
            tf.tensor2d(
              [
                [0, 1],
                [0, 3],
              ],
              [2, 2],
              "int32",
            ),
          ) as tf.Tensor,
      ),
      [
        [1, 1, 0, 0],
        [1, 0, 0, 1],
      ],
    );
  });
});
