import assert from "node:assert/strict";
import { backend } from "../../src/tensorflow/backend.ts";
import { setRandomSeed } from "../../src/tensorflow/randomSeed.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { needBackend } from "../support/needTensorflow.ts";

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

  const draws: Record<string, () => tf.Tensor> = {
    randomNormal: () => tf.randomNormal([5]),
    randomUniform: () => tf.randomUniform([5]),
    truncatedNormal: () => tf.truncatedNormal([5]),
    randomGamma: () => tf.randomGamma([5], 2),
    dropout: () => tf.dropout(tf.ones([30]), 0.5),
    multinomial: () => tf.multinomial(tf.zeros<tf.Rank.R1>([4]), 12),
    glorotUniform: () => tf.initializers.glorotUniform({}).apply([3, 3]),
    gaussianNoise: () =>
      tf.layers.gaussianNoise({ stddev: 1 }).apply(tf.ones([2, 3]), { training: true }) as tf.Tensor,
  };

  for (const name of ["tensorflow", "wasm", "cpu"]) {
    it(`fixes every kind of random numbers with ${name}, and none repeats itself`, async function () {
      needBackend.call(this, name);
      const usual = backend().name;
      await tf.setBackend(name);
      for (const [kind, draw] of Object.entries(draws)) {
        const values = (): number[] => tf.tidy(() => Array.from(draw().dataSync()));
        setRandomSeed(3);
        const [first, second] = [values(), values()];
        setRandomSeed(3);
        assert.deepEqual([values(), values()], [first, second], kind);
        assert.notDeepEqual(first, second, kind);
      }
      await tf.setBackend(usual);
    });
  }

  it("leaves the shares of tf.multinomial what the logits say, given as logits or as probabilities", () => {
    const share = (logits: number[], normalized: boolean): number =>
      tf.tidy(() => tf.multinomial(logits, 20_000, 5, normalized).mean().dataSync()[0]!);
    assert.ok(Math.abs(share([Math.log(1), Math.log(3)], false) - 0.75) < 0.02);
    assert.ok(Math.abs(share([0.25, 0.75], true) - 0.75) < 0.02);
  });
});
