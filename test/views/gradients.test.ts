import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { integratedGradients } from "../../src/views/integratedGradients.ts";
import { saliency } from "../../src/views/saliency.ts";
import { smoothGrad } from "../../src/views/smoothGrad.ts";
import { logitsOf, network, seeded } from "./explained.ts";

const { layers } = tf;

describe("gradients of a score", () => {
  const image = tf.keep(tf.randomUniform<tf.Rank.R3>([8, 10, 3], 0, 1, "float32", 1));
  after(() => image.dispose());
  afterEach(() => tf.disposeVariables());

  it("ask about the predicted class, from its logit", async () => {
    const model = network();
    const { data } = await saliency(model, image);
    const logits = logitsOf(model, image.expandDims(0));
    assert.equal(data.classIndex, logits.indexOf(Math.max(...logits)));
    assert.ok(Math.abs(data.score - Math.max(...logits)) < 1e-5);
    const exponents = logits.map(Math.exp);
    assert.ok(
      Math.abs(data.probability! - Math.max(...exponents) / exponents.reduce((a, b) => a + b)) < 1e-5,
    );
  });

  it("are those of differences, in every pixel's direction", async () => {
    const model = network();
    const { data } = await saliency(model, image, { classIndex: 1 });
    for (const at of [0, 77, 239]) {
      const step = Float32Array.from({ length: 240 }, (_, i) => (i === at ? 0.01 : 0));
      const [up, down] = [1, -1].map(
        (sign) => logitsOf(model, image.add(tf.tensor3d(step, [8, 10, 3]).mul(sign)).expandDims(0))[1]!,
      );
      assert.ok(Math.abs(data.perChannel[at]! - (up! - down!) / 0.02) < 1e-3);
    }
  });

  it("integrated gradients sum to the difference of the scores, but for the gap that they print", async () => {
    const model = network();
    for (const baseline of ["zeros", "black", "white", "blur", "noise"] as const) {
      const { data, text } = await integratedGradients(model, image, { baseline, steps: 100 });
      const sum = data.map.values.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(Math.abs(sum - (data.score - data.baselineScore)) - data.gap) < 1e-4);
      assert.ok(data.gap < 0.05, `${baseline}: gap ${data.gap}`);
      assert.match(text, /100 steps from .*completeness gap/);
    }
  });

  it("SmoothGrad is the same for a seed, whatever the batches, and another for another seed", async () => {
    const model = network();
    const map = async (seed: number, batchSize: number) =>
      Array.from((await smoothGrad(model, image, { seed, samples: 6, batchSize })).data.map.values);
    const [first, again, other] = [await map(1, 6), await map(1, 4), await map(2, 6)];
    assert.ok(first.every((value, i) => Math.abs(value - again[i]!) < 1e-5));
    assert.ok(first.some((value, i) => Math.abs(value - other[i]!) > 1e-3));
  });

  it("know the two classes of one sigmoid, and numbers that are no classes", async () => {
    const binary = tf.sequential({
      layers: [
        layers.flatten({ inputShape: [8, 10, 3] }),
        layers.dense({ units: 1, activation: "sigmoid", kernelInitializer: seeded(5) }),
      ],
    });
    const [yes, no] = [await saliency(binary, image, { classIndex: 1 }), await saliency(binary, image, { classIndex: 0 })]; // prettier-ignore
    assert.ok(Math.abs(yes.data.score + no.data.score) < 1e-6);
    assert.ok(Math.abs(yes.data.probability! + no.data.probability! - 1) < 1e-6);
    assert.equal((await saliency(binary, image)).data.classIndex, Number(yes.data.score >= 0));
    const regression = tf.sequential({ layers: [layers.flatten({ inputShape: [8, 10, 3] }), layers.dense({ units: 1 })] }); // prettier-ignore
    const view = await saliency(regression, image);
    assert.equal(view.data.probability, undefined);
    assert.match(view.text, /^Saliency of .*: number 0 of ".*" \(score /);
  });

  it("take the logits of a softmax at each step of a sequence", async () => {
    const dense = layers.dense({ units: 3, activation: "softmax", kernelInitializer: seeded(4) });
    const model = tf.sequential({
      layers: [layers.timeDistributed({ inputShape: [5, 4], layer: dense })],
    });
    const steps = tf.randomUniform([5, 4], 0, 1, "float32", 3);
    const { data } = await saliency(model, steps, { classIndex: 1, validitySteps: 0 });
    const [kernel] = dense.getWeights();
    const mean = steps.matMul(kernel!).mean(0).dataSync()[1]!;
    assert.ok(Math.abs(data.score - mean) < 1e-5, `${data.score} and ${mean}`);
    const slopes = kernel!.slice([0, 1], [4, 1]).div(5).dataSync();
    data.perChannel.forEach((value, i) => assert.ok(Math.abs(value - slopes[i % 4]!) < 1e-5));
  });
});
