import assert from "node:assert/strict";
import "../../../src/keras/layers.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

describe("flatten", () => {
  it("passes vectors on as they are, as Keras does", () => {
    const [pool, flatten] = [tf.layers.globalAveragePooling2d({}), tf.layers.flatten()];
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [2, 2, 3] }), pool, flatten] });
    assert.deepEqual(model.outputShape, [null, 3]);
    const picture = tf.tensor4d([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3], [1, 2, 2, 3]);
    const result = model.predict(picture) as tf.Tensor2D;
    assert.deepEqual(result.arraySync(), [[1, 2, 3]]);
    tf.dispose([picture, result]);
    model.dispose();
  });

  it("puts all other axes into one", () => {
    const output = tf.tidy(() => tf.layers.flatten().apply(tf.ones([2, 3, 4])) as tf.Tensor);
    assert.deepEqual(output.shape, [2, 12]);
    output.dispose();
  });
});
