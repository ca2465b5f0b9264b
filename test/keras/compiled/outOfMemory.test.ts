import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

/** A net whose first layer makes larger pictures than any memory holds. */
function newModel(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.upSampling2d({ size: [200_000, 200_000], inputShape: [2, 2, 1] }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  return model;
}

describe("a step for which there is no memory", () => {
  before(needTensorflow);

  it("ends with one line that says what was asked; weights are intact, and no tensor is left", async () => {
    const model = newModel();
    const [x, y] = [tf.ones([8, 2, 2, 1]), tf.zeros([8, 1])];
    const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const before = tf.memory().numTensors;
    const line =
      /^InputError: [^\n]*expected memory for float\[[\d,]+\] \([\d.]+ TiB\) on [CG]PU:0, found [^\n]*; take smaller batches[^\n]*$/;
    await assert.rejects(fit(model, { x, y }, { epochs: 1, batchSize: 8, verbose: 0 }), line);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(
      model.getWeights().map((weight) => Array.from(weight.dataSync())),
      weights,
    );
    tf.dispose([x, y]);
    model.dispose();
  });
});
