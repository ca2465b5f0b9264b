import assert from "node:assert/strict";
import "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

const optimizers: Record<string, () => tf.Optimizer> = {
  momentum: () => tf.train.momentum(0.1, 0.9),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  "rmsprop, centered": () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7, true),
  adadelta: () => tf.train.adadelta(1),
  adagrad: () => tf.train.adagrad(0.1),
  adam: () => tf.train.adam(0.01),
};

/** What the weights of an optimizer are called in a file, and frees them. */
async function namesOf(optimizer: tf.Optimizer): Promise<string[]> {
  const weights = await optimizer.getWeights();
  // The count of steps is a tensor made for us; the others are the optimizer's own.
  weights[0]!.tensor.dispose();
  return weights.map(({ name }) => name);
}

describe("the slots that a compiled step makes", () => {
  for (const [name, make] of Object.entries(optimizers)) {
    it(`have the names that TensorFlow.js gives them: tf.train.${name}`, async () => {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
      const [compiled, plain] = [make(), make()];
      model.compile({ optimizer: compiled, loss: "meanSquaredError" });
      const [x, y] = [tf.ones([4, 2]), tf.ones([4, 1])];
      await model.trainOnBatch(x, y);
      tf.tidy(() => {
        const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
        plain.applyGradients(
          Object.fromEntries(variables.map((variable) => [variable.name, tf.onesLike(variable)])),
        );
      });
      const wanted = await namesOf(plain);
      assert.ok(wanted.length >= 3);
      assert.deepEqual(await namesOf(compiled), wanted);
      model.dispose();
      tf.dispose([x, y]);
      for (const optimizer of [compiled, plain]) optimizer.dispose();
    });
  }
});
