import assert from "node:assert/strict";
import { setRandomSeed } from "../../src/tensorflow/randomSeed.ts";
import { tf } from "../../src/tensorflow/tf.ts";

describe("setRandomSeed", () => {
  const { random } = Math;
  after(() => {
    Math.random = random;
  });

  /** Trains a little network, with dropout and shuffling, and returns its weights. */
  async function train(seed: number): Promise<number[]> {
    setRandomSeed(seed);
    const x = tf.linspace(-1, 1, 24).reshape([24, 1]);
    const y = x.square();
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [1], units: 8, activation: "relu" }),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(x, y, { epochs: 2, batchSize: 8, shuffle: true, verbose: 0 });
    const weights = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
    model.dispose();
    tf.dispose([x, y]);
    return weights;
  }

  it("makes first weights, dropout and shuffling repeatable", async () => {
    assert.deepEqual(await train(1), await train(1));
  });

  it("gives other numbers for another seed", async () => {
    assert.notDeepEqual(await train(1), await train(2));
  });
});
