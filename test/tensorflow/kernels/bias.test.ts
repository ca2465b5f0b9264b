import assert from "node:assert/strict";
import { currentRuntime } from "../../../src/tensorflow/runtime.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

describe("improveBias", () => {
  before(needTensorflow);

  /** What TensorFlow is asked to do, and its numbers. */
  function record(compute: () => tf.Tensor): [string[], unknown] {
    const { result, recording } = currentRuntime()!.record(() => tf.tidy(compute));
    const values = result.arraySync();
    result.dispose();
    return [recording.operations.map(({ name }) => name), values];
  }

  it("adds a bias to the last axis", () => {
    const [names, values] = record(() => tf.add(tf.ones([1, 2, 2]), tf.tensor1d([1, 2])));
    assert.deepEqual(names, ["BiasAdd"]);
    assert.deepEqual(values, [
      [
        [2, 3],
        [2, 3],
      ],
    ]);
  });

  it("sums a matrix over its rows", () => {
    const [names, values] = record(() => tf.sum(tf.ones([5, 3]), 0));
    assert.deepEqual(names, ["BiasAddGrad"]);
    assert.deepEqual(values, [5, 5, 5]);
  });

  it("sums pictures as a matrix, so that TensorFlow does not fuse the sum with a convolution's gradient", () => {
    const [names, values] = record(() => tf.sum(tf.ones([2, 4, 4, 3]), [0, 1, 2]));
    assert.deepEqual(names, ["Reshape", "BiasAddGrad"]);
    assert.deepEqual(values, [32, 32, 32]);
  });
});
