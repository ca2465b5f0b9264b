import assert from "node:assert/strict";
import { currentRuntime } from "../../../src/tensorflow/runtime.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

/** What TensorFlow is asked to do for a product, and the product. */
function multiply(a: tf.Tensor, b: tf.Tensor, transposes: [boolean, boolean]): [string[], tf.Tensor] {
  const { result, recording } = currentRuntime()!.record(() => tf.matMul(a, b, ...transposes));
  return [recording.operations.map(({ name }) => name).filter((name) => name !== "Reshape"), result];
}

describe("improveMatMul", () => {
  for (const transposes of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] satisfies [boolean, boolean][]) {
    it(`multiplies batches of one matrix as matrices, transposed ${transposes.join(" and ")}`, function () {
      needTensorflow.call(this);
      const { numTensors } = tf.memory();
      tf.tidy(() => {
        const a = tf.randomNormal(transposes[0] ? [3, 2] : [2, 3]);
        const b = tf.randomNormal(transposes[1] ? [4, 3] : [3, 4]);
        const [names, product] = multiply(a.expandDims(0), b.expandDims(0), transposes);
        assert.deepEqual(names, ["MatMul"]);
        assert.deepEqual(product.shape, [1, 2, 4]);
        assert.deepEqual(product.arraySync(), [tf.matMul(a, b, ...transposes).arraySync()]);
      });
      assert.equal(tf.memory().numTensors, numTensors);
    });
  }

  it("leaves batches of several to BatchMatMulV2", function () {
    needTensorflow.call(this);
    tf.tidy(() => {
      const [names, product] = multiply(tf.ones([5, 2, 3]), tf.ones([1, 3, 4]), [false, false]);
      assert.deepEqual(names, ["BatchMatMulV2"]);
      assert.deepEqual(product.shape, [5, 2, 4]);
    });
  });
});
