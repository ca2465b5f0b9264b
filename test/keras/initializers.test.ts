import assert from "node:assert/strict";
import { initializers } from "../../src/keras/initializers.ts";
import { defaultLayers } from "../../src/keras/initializers/defaultLayers.ts";
import { layers } from "../../src/keras/layers.ts";
import { tf } from "../../src/tensorflow/tf.ts";

/** Spread and bounds of what an initializer draws for a kernel of 3x3, 40 channels in and 80 out. */
function drawn(initializer: ReturnType<typeof initializers.zeros>): {
  mean: number;
  deviation: number;
  largest: number;
} {
  return tf.tidy(() => {
    const values = initializer.apply([3, 3, 40, 80]);
    const { mean, variance } = tf.moments(values);
    const number = (tensor: tf.Tensor) => tensor.dataSync()[0]!;
    return {
      mean: number(mean),
      deviation: Math.sqrt(number(variance)),
      largest: number(tf.max(tf.abs(values))),
    };
  });
}

describe("initializers", () => {
  const [fanIn, fanAvg] = [9 * 40, (9 * 40 + 9 * 80) / 2];
  // Of a normal distribution that is cut off at twice its deviation, the largest is 2 / 0.8796 of what deviates in the end.
  const [flat, cut] = [Math.sqrt(3), 2 / 0.8796256610342398];
  for (const [name, deviation, ends] of [
    ["glorotUniform", Math.sqrt(1 / fanAvg), flat],
    ["glorotNormal", Math.sqrt(1 / fanAvg), cut],
    ["heUniform", Math.sqrt(2 / fanIn), flat],
    ["heNormal", Math.sqrt(2 / fanIn), cut],
    ["lecunUniform", Math.sqrt(1 / fanIn), flat],
    ["lecunNormal", Math.sqrt(1 / fanIn), cut],
    ["varianceScaling", Math.sqrt(1 / fanIn), cut],
    ["randomUniform", 0.05 / Math.sqrt(3), flat],
    ["truncatedNormal", 0.05 * 0.8796256610342398, cut],
  ] as const) {
    it(`${name} draws as widely as Keras`, () => {
      const found = drawn(initializers[name]({ seed: 7 }));
      assert(Math.abs(found.mean) < deviation / 40, `mean ${found.mean}`);
      assert(Math.abs(found.deviation / deviation - 1) < 0.02, `${found.deviation} in place of ${deviation}`);
      assert(Math.abs(found.largest / (deviation * ends) - 1) < 0.01, `largest ${found.largest}`);
    });
  }

  it("randomNormal has Keras' defaults", () => {
    const { mean, deviation } = drawn(initializers.randomNormal({ seed: 1 }));
    assert(Math.abs(mean) < 0.002 && Math.abs(deviation - 0.05) < 0.001);
  });

  for (const name of [
    "randomNormal",
    "truncatedNormal",
    "heNormal",
    "orthogonal",
    "randomUniform",
  ] as const) {
    it(`${name} takes 0 as a seed like any other`, () => {
      tf.tidy(() => {
        const values = (seed: number) => initializers[name]({ seed }).apply([3, 4]).dataSync();
        assert.deepEqual(values(0), values(0));
        assert.notDeepEqual(values(0), values(1));
      });
    });
  }

  it("take 0 for 0, where TensorFlow.js takes it for a missing value", () => {
    tf.tidy(() => {
      const values = initializers.randomUniform({ minval: 0, maxval: 1, seed: 1 }).apply([1000]);
      assert(tf.min(values).dataSync()[0]! >= 0);
      assert(tf.max(values).dataSync()[0]! > 0.9);
      assert.equal(tf.max(tf.abs(initializers.randomNormal({ stddev: 0 }).apply([9]))).dataSync()[0], 0);
    });
  });

  it("constant begins with 0, as in Keras", () => {
    tf.tidy(() => assert.deepEqual([...initializers.constant().apply([2]).dataSync()], [0, 0]));
  });

  it("draw the same for the same seed", () => {
    tf.tidy(() => {
      const draw = (seed: number) => [...initializers.heNormal({ seed }).apply([4, 4]).dataSync()];
      assert.deepEqual(draw(3), draw(3));
      assert.notDeepEqual(draw(3), draw(4));
    });
  });
});

describe("defaultLayers", () => {
  const config = (layer: tf.layers.Layer) => layer.getConfig() as Record<string, Record<string, unknown>>;
  const glorotUniform = { scale: 1, mode: "fanAvg", distribution: "uniform", seed: null };

  it("draw kernels by glorotUniform, as Keras' do", () => {
    for (const layer of [
      defaultLayers.dense({ units: 2 }),
      defaultLayers.conv1d({ filters: 2, kernelSize: 2 }),
      defaultLayers.conv2d({ filters: 2, kernelSize: 2 }),
      defaultLayers.conv2dTranspose({ filters: 2, kernelSize: 2 }),
      defaultLayers.conv3d({ filters: 2, kernelSize: 2 }),
      defaultLayers.conv3dTranspose({ filters: 2, kernelSize: 2 }),
      defaultLayers.lstm({ units: 2 }),
      defaultLayers.simpleRNN({ units: 2 }),
    ]) {
      assert.deepEqual(config(layer).kernelInitializer!.config, glorotUniform, layer.getClassName());
    }
    const depthwise = config(defaultLayers.depthwiseConv2d({ kernelSize: 2 }));
    assert.deepEqual(depthwise.depthwiseInitializer!.config, glorotUniform);
    assert.equal(config(defaultLayers.lstm({ units: 2 })).unitForgetBias, true);
  });

  it("obey what is asked for, and leave TensorFlow.js's own as they are", () => {
    const asked = config(defaultLayers.dense({ units: 2, kernelInitializer: "zeros" }));
    assert.equal(asked.kernelInitializer!.className, "Zeros");
    const { distribution } = config(tf.layers.dense({ units: 2 })).kernelInitializer!.config as {
      distribution: string;
    };
    assert.equal(distribution, "normal");
  });

  it("of a layer are found by name, identity too, which is the name of a layer as well", () => {
    const layer = tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: "identity" });
    const model = tf.sequential({ layers: [layer, layers.identity()] });
    const again = tf.Sequential.fromConfig(
      tf.Sequential,
      model.getConfig() as tf.serialization.ConfigDict,
    ) as tf.Sequential;
    for (const each of [model, again]) {
      assert.deepEqual(Array.from(each.layers[0]!.getWeights()[0]!.dataSync()), [1, 0, 0, 1]);
      assert.equal(each.layers[1]!.getClassName(), "Identity");
      each.dispose();
    }
  });
});
