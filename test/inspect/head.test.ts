import assert from "node:assert/strict";
import { askModel } from "../../src/inspect/question.ts";
import { layers } from "../../src/keras/layers.ts";
import { Operation } from "../../src/keras/layers/operation.ts";
import { tf } from "../../src/tensorflow/tf.ts";

const of = (operation: string, options = {}): Operation =>
  new Operation({ operation, operands: [null], options });

/** Ways to end a network, each with the probability that it gives for the logits. */
const ends: Record<string, { layers: tf.layers.Layer[]; probability: (logits: tf.Tensor) => tf.Tensor }> = {
  "a softmax layer": { layers: [layers.softmax()], probability: (logits) => tf.softmax(logits) },
  "a logarithmic softmax": {
    layers: [layers.activation({ activation: "logSoftmax" as "softmax" })],
    probability: (logits) => tf.softmax(logits),
  },
  "the softmax of keras.ops": {
    layers: [of("softmax", { axis: -1 })],
    probability: (logits) => tf.softmax(logits),
  },
  "the sigmoid of keras.ops": { layers: [of("sigmoid")], probability: (logits) => tf.sigmoid(logits) },
  "a softmax, and then nothing but another type": {
    layers: [
      layers.activation({ activation: "softmax" }),
      layers.activation({ activation: "linear" }),
      layers.identity(),
    ],
    probability: (logits) => tf.softmax(logits),
  },
};

describe("findHead", () => {
  afterEach(() => tf.disposeVariables());

  for (const [name, end] of Object.entries(ends)) {
    it(`leaves out ${name}: the score is the logit, the confidence its probability`, async () => {
      const body = [
        layers.conv2d({ inputShape: [5, 5, 1], filters: 2, kernelSize: 3 }),
        layers.flatten(),
        layers.dense({ units: 3, name: "logits" }),
      ];
      const model = tf.sequential({ layers: [...body, ...end.layers] });
      const image = tf.randomUniform([1, 5, 5, 1]);
      const logits = body.reduce((tensor, layer) => layer.apply(tensor) as tf.Tensor, image);
      const { numTensors } = tf.memory();
      await askModel(model, image, { classIndex: 1 }, "test", ({ value, confidence }) => {
        assert.ok(Math.abs(value - logits.dataSync()[1]!) < 1e-5, `score ${value}`);
        const wanted = tf.tidy(() => end.probability(logits).dataSync()[1]!);
        assert.ok(Math.abs(confidence - wanted) < 1e-5, `${confidence} instead of ${wanted}`);
      });
      assert.equal(tf.memory().numTensors, numTensors);
    });
  }
});
