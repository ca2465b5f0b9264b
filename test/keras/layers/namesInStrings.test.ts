import assert from "node:assert/strict";
import "../../../src/keras/layers.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

type Dense = Parameters<typeof tf.layers.dense>[0];

/** A layer that is built by names in Keras' spelling, with what it makes of some numbers. */
function answerOf(options: Partial<Dense>, values: number[]): { numbers: number[]; config: object } {
  const layer = tf.layers.dense({ units: values.length, kernelInitializer: "identity", ...options });
  const numbers = tf.tidy(() => [...(layer.apply(tf.tensor2d([values])) as tf.Tensor).dataSync()]);
  const config = layer.getConfig();
  layer.dispose();
  return { numbers, config };
}

describe("Keras' spelling of names in layers", () => {
  let before: number;
  beforeEach(() => (before = tf.memory().numTensors));
  afterEach(() => assert.equal(tf.memory().numTensors, before, "tensors left behind"));

  // Standard deviations of 200x300 kernels, by Keras' definitions.
  const spreads: [name: string, spread: number][] = [
    ["glorot_uniform", Math.sqrt(2 / 500)],
    ["glorot_normal", Math.sqrt(2 / 500)],
    ["he_normal", Math.sqrt(2 / 200)],
    ["he_uniform", Math.sqrt(2 / 200)],
    ["lecun_normal", Math.sqrt(1 / 200)],
    ["lecun_uniform", Math.sqrt(1 / 200)],
    ["random_normal", 0.05],
    ["random_uniform", 0.1 / Math.sqrt(12)],
    ["variance_scaling", Math.sqrt(1 / 200)],
  ];
  for (const [name, spread] of spreads) {
    it(`draws by ${name}`, () => {
      const layer = tf.layers.dense({ units: 300, kernelInitializer: name });
      const found = tf.tidy(() => {
        layer.apply(tf.zeros([1, 200]));
        return tf.moments(layer.getWeights()[0]!).variance.sqrt().dataSync()[0]!;
      });
      assert(Math.abs(found / spread - 1) < 0.03, `${found}, ${spread}`);
      layer.dispose();
    });
  }

  const x = [-2, -0.5, 0, 1.5];
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
  const sum = x.reduce((total, value) => total + Math.exp(value), 0);
  const activations: [name: string, own: string, formula: (value: number) => number][] = [
    ["silu", "swish", (value) => value * sigmoid(value)],
    ["leaky_relu", "leakyRelu", (value) => (value < 0 ? 0.2 * value : value)],
    ["hard_sigmoid", "hardSigmoid3", (value) => Math.min(Math.max(value + 3, 0), 6) / 6],
    ["log_softmax", "logSoftmax", (value) => value - Math.log(sum)],
    ["tanh_shrink", "tanhShrink", (value) => value - Math.tanh(value)],
  ];
  for (const [name, own, formula] of activations) {
    it(`activates by ${name}`, () => {
      const { numbers, config } = answerOf({ activation: name as never }, x);
      x.forEach((value, index) => assert(Math.abs(numbers[index]! - formula(value)) < 1e-5, String(numbers)));
      // A file has the name that all other code knows.
      assert.equal((config as { activation: string }).activation, own);
    });
  }
});
