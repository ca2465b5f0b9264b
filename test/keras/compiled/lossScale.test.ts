import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { lossScaleOf, scaleLoss } from "../../../src/keras/compiled/lossScale.ts";
import "../../../src/keras/fit.ts";
import { optimizers } from "../../../src/keras/optimizers.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needTensorflow } from "../../support/needTensorflow.ts";
import { operationsOfSteps } from "./operationsOfSteps.ts";

// Made by makeLossScale.py with Keras.
const { size, initialScale, growthSteps, x, y, weights, cases } = JSON.parse(
  readFileSync(new URL("../../fixtures/keras/lossScale.json", import.meta.url), "utf8"),
) as {
  size: number;
  initialScale: number;
  growthSteps: number;
  x: number[];
  y: number[];
  weights: number[][];
  cases: Record<string, { losses: number[]; scales: number[]; counted: number }>;
};

const halving = () =>
  optimizers.schedules.exponentialDecay({ initialLearningRate: 0.1, decaySteps: 2, decayRate: 0.5 });

const makers: Record<string, () => tf.Optimizer> = {
  sgd: () => optimizers.sgd({ learningRate: 0.001 }),
  "sgd momentum": () => optimizers.sgd({ learningRate: 0.001, momentum: 0.9 }),
  adam: () => optimizers.adam({ learningRate: 0.05 }),
  rmsprop: () => optimizers.rmsprop({ learningRate: 0.05 }),
  adamW: () => optimizers.adamW({ learningRate: 0.05, weightDecay: 0.1 }),
  "adam clipnorm": () => optimizers.adam({ learningRate: 0.05, clipnorm: 1 }),
  lion: () => optimizers.lion({ learningRate: 0.05 }),
  nadam: () => optimizers.nadam({ learningRate: 0.05 }),
  lamb: () => optimizers.lamb({ learningRate: 0.05 }),
  "adam schedule": () => optimizers.adam({ learningRate: halving() }),
  "adamW schedule": () => optimizers.adamW({ learningRate: halving(), weightDecay: 0.1 }),
};

function newModel(optimizer: tf.Optimizer): tf.LayersModel {
  const layers = [
    tf.layers.dense({ units: 4, activation: "tanh", inputShape: [3] }),
    tf.layers.dense({ units: 1 }),
  ];
  const model = tf.sequential({ layers });
  tf.tidy(() =>
    model.setWeights(weights.map((values, index) => tf.tensor(values, model.getWeights()[index]!.shape))),
  );
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

const batchOf = (step: number): [tf.Tensor, tf.Tensor] => [
  tf.tensor2d(x.slice(step * size * 3, (step + 1) * size * 3), [size, 3]),
  tf.tensor2d(y.slice(step * size, (step + 1) * size), [size, 1]),
];

async function train(model: tf.LayersModel, step: number): Promise<number> {
  const [inputs, targets] = batchOf(step);
  const loss = (await model.trainOnBatch(inputs, targets)) as number;
  tf.dispose([inputs, targets]);
  return loss;
}

describe("the scale of losses", () => {
  for (const [name, make] of Object.entries(makers)) {
    for (const way of ["compiled", "operation by operation"]) {
      it(`${name}, ${way}: 20 steps, of which some overflow, are those of Keras' LossScaleOptimizer`, async () => {
        const before = tf.memory().numTensors;
        const optimizer = make();
        const scale = scaleLoss(optimizer, { initialScale: 2 ** initialScale, growthSteps });
        const model = newModel(optimizer);
        if (way !== "compiled") model.layers[0]!.setCallHook(() => undefined);
        for (const [step, loss] of cases[name]!.losses.entries()) {
          const found = await train(model, step);
          assert(Math.abs(found / loss - 1) < 1e-4, `step ${step}: ${found} in place of ${loss}`);
          assert.equal(Math.log2(scale.read()), cases[name]!.scales[step], `scale after step ${step}`);
        }
        assert.equal(optimizer.iterations, cases[name]!.counted);
        model.dispose();
        optimizer.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }
  }

  it("is in the compiled step, where nothing is read", function () {
    needTensorflow.call(this);
    for (const make of [makers.adam!, makers.adamW!]) {
      const optimizer = make();
      scaleLoss(optimizer);
      const model = newModel(optimizer);
      const [recorded, compiled] = operationsOfSteps(model, batchOf);
      assert(recorded!.includes("IsFinite"));
      assert.deepEqual(compiled, []);
      model.dispose();
      optimizer.dispose();
    }
  });

  it("changes no loss where nothing overflows, also with an optimizer that applies the gradients itself", async () => {
    class Own extends tf.SGDOptimizer {}
    const losses = await Promise.all(
      [false, true].map(async (isScaled) => {
        const optimizer = new Own(0.001);
        if (isScaled) scaleLoss(optimizer);
        const model = newModel(optimizer);
        const found = [];
        for (let step = 0; step < 4; step++) found.push(await train(model, step));
        model.dispose();
        optimizer.dispose();
        return found;
      }),
    );
    assert.deepEqual(losses[1], losses[0]);
    assert(new Set(losses[0]).size > 1);
  });

  it("is not there where the arithmetic is float32", () => {
    const optimizer = optimizers.adam();
    assert.equal(lossScaleOf(optimizer), undefined);
    optimizer.dispose();
  });
});
