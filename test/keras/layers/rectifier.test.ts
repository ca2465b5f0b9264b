import assert from "node:assert/strict";
import "../../../src/keras/layers.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

describe("tf.layers.reLU", () => {
  const values = (maxValue?: number): number[] => {
    const model = tf.sequential({
      layers: [tf.layers.reLU({ inputShape: [5], ...(maxValue !== undefined && { maxValue }) })],
    });
    const x = tf.tensor2d([[-1, 0, 3, 6, 7]]);
    const y = model.predict(x) as tf.Tensor;
    const [row] = y.arraySync() as number[][];
    tf.dispose([x, y]);
    model.dispose();
    return row!;
  };

  it("ends at its limit", () => {
    assert.deepEqual(values(), [0, 0, 3, 6, 7]);
    assert.deepEqual(values(6), [0, 0, 3, 6, 6]);
    assert.deepEqual(values(3), [0, 0, 3, 3, 3]);
  });

  it("passes gradients between 0 and 6 only, as Keras does", () => {
    const layer = tf.layers.reLU({ maxValue: 6 });
    const gradient = tf.grad((x) => layer.apply(x) as tf.Tensor);
    const slopes = tf.tidy(() => gradient(tf.tensor1d([-1, 0, 3, 6, 7])).arraySync());
    assert.deepEqual(slopes, [0, 0, 1, 0, 0]);
  });
});
