import assert from "node:assert/strict";
import { installCompiledModels } from "../../../src/keras/compiled/install.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";

installCompiledModels();

describe("freezing between steps", () => {
  before(needTensorflow);

  const build = () => {
    const layers = [
      tf.layers.dense({ units: 4, inputShape: [3], activation: "tanh" }),
      tf.layers.dense({ units: 2 }),
    ];
    return tf.sequential({ layers });
  };

  for (const optimizer of [
    () => tf.train.momentum(0.1, 0.9),
    () => tf.train.rmsprop(0.1),
    () => tf.train.adam(0.1),
  ]) {
    const { name } = optimizer().constructor;
    it(`leaves each weight its own slots: ${name}`, async () => {
      const model = build();
      const how = { optimizer: optimizer(), loss: "meanSquaredError" };
      const [x, y] = [tf.ones([5, 3]), tf.zeros([5, 2])];
      const freeze = (isFrozen: boolean): void => {
        model.layers[0]!.trainable = !isFrozen;
        model.compile(how);
      };
      freeze(true);
      for (let step = 0; step < 2; step++) await model.trainOnBatch(x, y);
      freeze(false);
      const [first] = model.getWeights().map((weight) => weight.arraySync());
      for (let step = 0; step < 2; step++) await model.trainOnBatch(x, y);
      assert.notDeepEqual(model.getWeights()[0]!.arraySync(), first);
      freeze(true);
      const loss = await model.trainOnBatch(x, y);
      assert.ok(Number.isFinite(loss));
      tf.dispose([x, y]);
      model.dispose();
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
