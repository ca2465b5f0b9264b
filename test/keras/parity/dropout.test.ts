import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { near, train } from "./steps.ts";

describe("dropout", () => {
  const width = 64;
  const zeros = "zeros";
  const ones = (steps: number) => ({ x: tf.ones([steps, width]), y: tf.ones([steps, 1]) });

  /** Trains one unit that begins with nothing: a weight moves when its input has been let through. */
  async function moved(model: tf.LayersModel, steps: number): Promise<boolean[]> {
    model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
    const data = ones(steps);
    await fit(model, data, { batchSize: 1, verbose: 0 });
    tf.dispose({ ...data });
    const [kernel] = model.layers.at(-1)!.getWeights();
    return Array.from(kernel!.dataSync(), (value) => value !== 0);
  }

  const count = (flags: boolean[]) => flags.filter(Boolean).length;
  const unit = () => tf.layers.dense({ units: 1, useBias: false, kernelInitializer: zeros });
  const oneDropout = (options: { rate: number; seed?: number }) =>
    tf.sequential({ layers: [tf.layers.dropout({ ...options, inputShape: [width] }), unit()] });

  it("lets through as many as its rate says, and doubles them", async () => {
    const model = oneDropout({ rate: 0.25 });
    const found = count(await moved(model, 1));
    // Five standard deviations of the binomial distribution on each side.
    assert(found > 30 && found < 64, String(found));
    const values = new Set(model.layers.at(-1)!.getWeights()[0]!.dataSync());
    near(
      [...values].filter((value) => value !== 0),
      // The gradient by a weight is 2 (prediction - target) x, and x is 1 / (1 - rate).
      [(0.01 * 2) / 0.75],
      1e-6,
    );
    model.dispose();
  });

  it("draws another mask at every step of an epoch", async () => {
    const model = oneDropout({ rate: 0.5 });
    assert.equal(count(await moved(model, 32)), width);
    model.dispose();
  });

  it("draws another mask at every step with a seed of its own, too", async () => {
    const model = oneDropout({ rate: 0.5, seed: 7 });
    assert.equal(count(await moved(model, 32)), width);
    model.dispose();
  });

  it("draws another mask in each layer", async () => {
    const input = tf.input({ shape: [width] });
    const branches = [1, 2].map(() => tf.layers.dropout({ rate: 0.5 }).apply(input) as tf.SymbolicTensor);
    const both = tf.layers.concatenate().apply(branches);
    const model = tf.model({ inputs: input, outputs: unit().apply(both) as tf.SymbolicTensor });
    const flags = await moved(model, 1);
    assert.notDeepEqual(flags.slice(0, width), flags.slice(width));
    model.dispose();
  });

  it("is not there when the net predicts or is evaluated", () => {
    const model = oneDropout({ rate: 0.5 });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    tf.tidy(() => {
      model.setWeights([tf.fill([width, 1], 1 / width)]);
      const { x, y } = ones(5);
      near(Array.from((model.predict(x) as tf.Tensor).dataSync()), [1, 1, 1, 1, 1], 1e-6);
      near(Array.from((model.evaluate(x, y, { verbose: 0 }) as tf.Scalar).dataSync()), [0], 1e-6);
    });
    model.dispose();
  });

  const noises: Record<string, () => tf.layers.Layer> = {
    gaussianNoise: () => tf.layers.gaussianNoise({ stddev: 0.5 }),
    gaussianDropout: () => tf.layers.gaussianDropout({ rate: 0.5 }),
    alphaDropout: () => tf.layers.alphaDropout({ rate: 0.5 }),
    spatialDropout1d: () => tf.layers.spatialDropout1d({ rate: 0.5 }),
  };
  for (const [name, make] of Object.entries(noises)) {
    it(`has a relative that is as new at every step: ${name}`, async () => {
      const model = tf.sequential({
        layers: [
          tf.layers.reshape({ targetShape: [1, width], inputShape: [width] }),
          make(),
          tf.layers.flatten(),
          tf.layers.dense({ units: 1, useBias: false, kernelInitializer: "ones" }),
        ],
      });
      model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
      const data = ones(1);
      const losses = await train(model, data, 8);
      // Numbers of a continuous distribution; of the coarse ones, some may come twice.
      assert(new Set(losses).size >= 4, losses.join(" "));
      tf.dispose({ ...data });
      model.dispose();
    });
  }
});
