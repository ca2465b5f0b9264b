import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { installCompiledModels } from "../../../src/keras/compiled/install.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

installCompiledModels();

// Made by makeFreezing.py with Keras.
const fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/keras/freezing.json", import.meta.url), "utf8"),
) as { steps: number; x: number[][]; y: number[][]; weights: number[][]; losses: Record<string, number[]> };

const makers: Record<string, () => tf.Optimizer> = {
  momentum: () => tf.train.momentum(0.1, 0.9),
  rmsprop: () => tf.train.rmsprop(0.1),
  adam: () => tf.train.adam(0.1),
  adagrad: () => tf.train.adagrad(0.1),
};

describe("freezing between steps", () => {
  before(needTensorflow);

  const build = () => {
    const layers = [
      tf.layers.dense({ units: 4, inputShape: [3], activation: "tanh" }),
      tf.layers.dense({ units: 2 }),
    ];
    return tf.sequential({ layers });
  };

  for (const [name, make] of Object.entries(makers)) {
    it(`leaves each weight its own slots, as Keras does: tf.train.${name}`, async () => {
      const model = build();
      tf.tidy(() => {
        const shapes = model.getWeights().map(({ shape }) => shape);
        model.setWeights(fixture.weights.map((values, index) => tf.tensor(values, shapes[index])));
      });
      const [x, y] = [tf.tensor2d(fixture.x), tf.tensor2d(fixture.y)];
      const optimizer = make();
      const losses: number[] = [];
      for (const trainable of [false, true, false, true]) {
        model.layers[0]!.trainable = trainable;
        model.compile({ optimizer, loss: "meanSquaredError" });
        for (let step = 0; step < fixture.steps; step++) {
          losses.push((await model.trainOnBatch(x, y)) as number);
        }
      }
      const wanted = fixture.losses[name]!;
      assert.equal(losses.length, wanted.length);
      for (const [step, loss] of losses.entries()) {
        assert.ok(Math.abs(loss - wanted[step]!) < 1e-4, `step ${step}: ${loss}, not ${wanted[step]}`);
      }
      tf.dispose([x, y]);
      model.dispose();
      optimizer.dispose();
    });
  }

  it("tells loss and metrics of a model whose layers are all frozen, and leaves its weights", async () => {
    const model = build();
    for (const layer of model.layers) layer.trainable = false;
    model.compile({ optimizer: "adam", loss: "meanSquaredError", metrics: ["mae"] });
    const [x, y] = [tf.ones([5, 3]), tf.zeros([5, 2])];
    const before = model.getWeights().map((weight) => weight.arraySync());
    const predicted = tf.tidy(() => Array.from((model.predict(x) as tf.Tensor).dataSync()));
    const mean = (of: (value: number) => number) => predicted.reduce((sum, value) => sum + of(value), 0) / 10;
    const expected = [mean((value) => value ** 2), mean(Math.abs)];
    for (let step = 0; step < 3; step++) {
      const found = (await model.trainOnBatch(x, y)) as number[];
      assert.equal(found.length, expected.length);
      // The compiled steps add up in another order than the first.
      found.forEach((value, i) =>
        assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${value}, not ${expected[i]}`),
      );
    }
    assert.deepEqual(
      model.getWeights().map((weight) => weight.arraySync()),
      before,
    );
    tf.dispose([x, y]);
    model.dispose();
  });
});
