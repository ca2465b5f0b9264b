import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { layers } from "../../../src/keras/layers.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

// What they compute is compared with Keras in test/keras/files/everyLayer.test.ts.
describe("convolutions in groups", () => {
  it("compute of each group what a convolution of its own would", () => {
    const before = tf.memory().numTensors;
    for (const groups of [2, 4]) {
      const layer = layers.conv2d({ filters: 8, kernelSize: 3, groups, inputShape: [5, 5, 4] });
      const model = tf.sequential({ layers: [layer] });
      assert.equal(model.countParams(), (9 * 4 * 8) / groups + 8);
      tf.tidy(() => {
        const x = tf.randomUniform<tf.Rank.R4>([2, 5, 5, 4]);
        const kernels = tf.split<tf.Tensor4D>(layer.getWeights()[0]!, groups, 3);
        const parts = tf
          .split<tf.Tensor4D>(x, groups, 3)
          .map((part, i) => tf.conv2d(part, kernels[i]!, 1, "valid"));
        const apart = tf.concat(parts, 3).sub(model.predict(x) as tf.Tensor);
        assert((apart.abs().max().arraySync() as number) < 1e-5);
      });
      model.dispose();
    }
    assert.equal(tf.memory().numTensors, before);
  });

  it("learn", async () => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({ filters: 8, kernelSize: 3, groups: 4, activation: "relu", inputShape: [6, 6, 4] }),
        layers.conv2d({ filters: 4, kernelSize: 3, groups: 2, activation: "relu" }),
        layers.flatten(),
        layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    const x = tf.randomUniform([32, 6, 6, 4], 0, 1, "float32", 1);
    const y = tf.tidy(() => x.mean([1, 2, 3]).expandDims(1));
    const { history } = await fit(model, { x, y }, { epochs: 20, verbose: 0 });
    const [first, last] = [history.loss![0]!, history.loss!.at(-1)!];
    assert(last < first / 2, `${first} became ${last}`);
    tf.dispose([x, y]);
    model.dispose();
  });

  it("refuse channels that cannot be divided", () => {
    const layer = layers.conv2d({ filters: 8, kernelSize: 3, groups: 3, inputShape: [5, 5, 4] });
    assert.throws(() => tf.sequential({ layers: [layer] }), /4 channels and 8 filters .* 3 groups/);
  });
});

describe("a convolution with causal padding", () => {
  it("sees no later step", () => {
    const model = tf.sequential({
      layers: [
        layers.conv1d({ filters: 1, kernelSize: 2, padding: "causal", useBias: false, inputShape: [4, 1] }),
      ],
    });
    tf.tidy(() => {
      model.layers[0]!.setWeights([tf.tensor3d([10, 1], [2, 1, 1])]);
      const found = model.predict(tf.tensor3d([1, 2, 3, 4], [1, 4, 1])) as tf.Tensor;
      assert.deepEqual(Array.from(found.dataSync()), [1, 12, 23, 34]);
    });
    assert.deepEqual(model.outputs[0]!.shape, [null, 4, 1]);
    model.dispose();
  });
});
