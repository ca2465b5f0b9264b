import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fit } from "../../src/keras/fit.ts";
import { optimizers } from "../../src/keras/optimizers.ts";
import type { KerasOptimizer, OptimizerOptions } from "../../src/keras/optimizers/kerasOptimizer.ts";
import { optimizerFromKeras } from "../../src/keras/optimizers/fromKeras.ts";
import { learningRateOf, setLearningRate } from "../../src/keras/optimizers/learningRate.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { needTensorflow } from "../support/needTensorflow.ts";
import { operationsOfSteps } from "./compiled/operationsOfSteps.ts";

type Options = Record<string, unknown>;

// Made by makeOptimizers.py with Keras.
const fixture = JSON.parse(
  readFileSync(new URL("../fixtures/keras/optimizers.json", import.meta.url), "utf8"),
) as {
  size: number;
  x: number[];
  labels: number[];
  weights: number[][];
  losses: Record<string, { options: Options; losses: number[] }>;
  averages: { losses: number[]; weights: number[][] };
  schedules: Record<string, { options: Options; rates: number[] }>;
};

/** Keras' options in camelCase. */
const camelCase = (options: Options) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

function newOptimizer(name: string, options: Options): KerasOptimizer {
  const settings = camelCase(options);
  const rate = settings.learningRate;
  if (typeof rate === "object") {
    const decay = camelCase(rate as Options) as unknown as Parameters<
      typeof optimizers.schedules.exponentialDecay
    >[0];
    settings.learningRate = optimizers.schedules.exponentialDecay(decay);
  }
  const make = optimizers[name.split(" ")[0] as Exclude<keyof typeof optimizers, "schedules">];
  return make(settings);
}

function newModel(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 6, activation: "tanh", inputShape: [5] }));
  model.add(tf.layers.dense({ units: 3, activation: "softmax" }));
  tf.tidy(() =>
    model.setWeights(
      fixture.weights.map((values, index) => tf.tensor(values, model.getWeights()[index]!.shape)),
    ),
  );
  return model;
}

/** The batch of one step of the fixture. */
function batchOf(step: number): [tf.Tensor, tf.Tensor] {
  const { size, x, labels } = fixture;
  const [from, to] = [step * size, (step + 1) * size];
  return tf.tidy(() => [
    tf.tensor2d(x.slice(from * 5, to * 5), [size, 5]),
    tf.oneHot(tf.tensor1d(labels.slice(from, to), "int32"), 3).toFloat(),
  ]);
}

async function trainSteps(model: tf.LayersModel, from: number, to: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = from; step < to; step++) {
    const [x, y] = batchOf(step);
    losses.push((await model.trainOnBatch(x, y)) as number);
    tf.dispose([x, y]);
  }
  return losses;
}

describe("optimizers", () => {
  for (const [name, { options, losses }] of Object.entries(fixture.losses)) {
    for (const way of ["compiled", "operation by operation"]) {
      it(`${name}, ${way}: 20 steps lose what they lose in Keras`, async () => {
        const before = tf.memory().numTensors;
        const model = newModel();
        if (way !== "compiled") model.layers[0]!.setCallHook(() => undefined);
        const optimizer = newOptimizer(name, options);
        model.compile({ optimizer, loss: "categoricalCrossentropy" });
        const found = await trainSteps(model, 0, losses.length);
        for (const [step, loss] of losses.entries()) {
          assert(Math.abs(found[step]! - loss) < 1e-4, `step ${step}: ${found[step]} in place of ${loss}`);
        }
        assert.equal(optimizer.iterations, losses.length);
        model.dispose();
        optimizer.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }
  }

  it("take a compiled step whatever their options: a function of TensorFlow's changes the weights", function () {
    needTensorflow.call(this);
    for (const [name, { options }] of Object.entries(fixture.losses)) {
      const model = newModel();
      const optimizer = newOptimizer(name, options);
      model.compile({ optimizer, loss: "categoricalCrossentropy" });
      const [recorded, compiled] = operationsOfSteps(model, batchOf);
      assert(recorded!.includes("MatMul"), name);
      assert.deepEqual(compiled, [], name);
      model.dispose();
      optimizer.dispose();
    }
  });

  it("losses of the fixture tell the optimizers apart", () => {
    const last = Object.values(fixture.losses).map(({ losses }) => losses.at(-1)!.toFixed(5));
    assert(new Set(last).size >= last.length - 1, last.join(" "));
  });

  for (const name of ["sgd momentum", "rmsprop centered", "adam amsgrad", "adamax", "nadam", "adadelta"]) {
    it(`${name}: its weights, taken and given back, go on as if nothing had been`, async () => {
      const { options, losses } = fixture.losses[name]!;
      const model = newModel();
      model.compile({ optimizer: newOptimizer(name, options), loss: "categoricalCrossentropy" });
      await trainSteps(model, 0, 10);
      const state = await model.optimizer.getWeights();
      const fresh = newOptimizer(name, options);
      await fresh.setWeights(state);
      model.compile({ optimizer: fresh, loss: "categoricalCrossentropy" });
      const found = await trainSteps(model, 10, 20);
      for (const [step, loss] of losses.slice(10).entries()) assert(Math.abs(found[step]! - loss) < 1e-4);
      model.dispose();
    });
  }

  it("with useEma trains the weights themselves, and leaves their means when fit ends, as Keras does", async () => {
    const { size, x, labels, averages } = fixture;
    const before = tf.memory().numTensors;
    const model = newModel();
    const options = { learningRate: 0.5, momentum: 0.9, useEma: true, emaMomentum: 0.8 };
    const optimizer = optimizers.sgd(options);
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    const data = tf.tidy(() => ({
      x: tf.tensor2d(x, [labels.length, 5]),
      y: tf.oneHot(tf.tensor1d(labels, "int32"), 3).toFloat(),
    }));
    const { history } = await fit(model, data, { batchSize: size, epochs: 2, shuffle: false, verbose: 0 });
    const near = (found: ArrayLike<number>, wanted: readonly number[]) =>
      wanted.forEach((value, index) =>
        assert(Math.abs(found[index]! - value) < 1e-4, `${found[index]}: ${value}`),
      );
    near(history.loss!, averages.losses);
    model.getWeights().forEach((weight, index) => near(weight.dataSync(), averages.weights[index]!));
    const remembered = optimizer.slotsOf(model.getWeights()[0] as tf.Variable);
    assert.deepEqual(Object.keys(remembered), ["average", "momentum"]);
    model.dispose();
    optimizer.dispose();
    tf.dispose({ ...data });
    assert.equal(tf.memory().numTensors, before);
  });

  it("with useEma leaves the weights themselves when the training is stopped", async () => {
    const model = newModel();
    const optimizer = optimizers.sgd({ learningRate: 0.5, useEma: true });
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    const stop = new AbortController();
    const [first, second] = [batchOf(0), batchOf(1)];
    const batches = [first, second].map(([xs, ys]) => ({ xs, ys }));
    const callbacks = { onBatchEnd: (batch: number) => (batch === 1 ? stop.abort() : undefined) };
    await assert.rejects(fit(model, batches, { epochs: 2, verbose: 0, callbacks, signal: stop.signal }));
    const weight = model.getWeights()[0] as tf.Variable;
    assert.notDeepEqual(weight.dataSync(), optimizer.slotsOf(weight).average!.dataSync());
    model.dispose();
    optimizer.dispose();
  });

  it("keeps settings and slots where TensorFlow.js's classes keep them", async () => {
    const model = newModel();
    const optimizer = optimizers.adam({ clipvalue: 1 });
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    await trainSteps(model, 0, 1);
    assert.equal(optimizer.getClassName(), "Adam");
    const config = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    assert.deepEqual(optimizer.getConfig(), { ...config, amsgrad: false, clipvalue: 1 });
    assert.deepEqual(
      optimizer.accumulatedFirstMoment.map(({ variable }) => variable.shape),
      model.getWeights().map(({ shape }) => shape),
    );
    assert.equal(optimizers.sgd().getClassName(), "SGD");
    assert.equal(optimizers.sgd({ momentum: 0.5 }).getClassName(), "Momentum");
    model.dispose();
    optimizer.dispose();
  });

  it("remembers a variable by its name when others are frozen", async () => {
    const model = newModel();
    const optimizer = optimizers.sgd({ momentum: 0.9 });
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    await trainSteps(model, 0, 1);
    const kernel = model.layers[1]!.getWeights()[0] as tf.Variable;
    const { momentum } = optimizer.slotsOf(kernel);
    model.layers[0]!.trainable = false;
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    await trainSteps(model, 1, 2);
    assert.equal(optimizer.slotsOf(kernel).momentum, momentum);
    assert.deepEqual(momentum!.shape, kernel.shape);
    model.dispose();
    optimizer.dispose();
  });

  it("changes the rate of any optimizer, but not one that a schedule decides", () => {
    for (const optimizer of [tf.train.sgd(0.1), tf.train.adam(0.1), optimizers.adam({ learningRate: 0.1 })]) {
      setLearningRate(optimizer, 0.01);
      assert.equal(learningRateOf(optimizer), 0.01);
      optimizer.dispose();
    }
    const scheduled = optimizers.sgd({ learningRate: (step) => 1 / (step + 1) });
    assert.equal(scheduled.rateAt(3), 0.25);
    assert.throws(() => setLearningRate(scheduled, 1), { name: "InputError", message: /found a schedule/ });
  });

  it("refuses in one line what Keras refuses", () => {
    const refuses = (make: () => unknown, message: RegExp) =>
      assert.throws(make, { name: "InputError", message });
    const wrong = { lr: 0.1 } as OptimizerOptions;
    refuses(
      () => optimizers.adam(wrong),
      /adam: expected known options, found lr; there are amsgrad, beta1, .* learningRate/,
    );
    refuses(() => optimizers.sgd({ momentum: 2 }), /momentum from 0 to 1, found 2/);
    refuses(
      () => optimizers.sgd({ learningRate: -1 }),
      /learningRate of at least 0, or a schedule, found -1/,
    );
    refuses(() => optimizers.ftrl({ learningRatePower: 1 }), /learningRatePower of at most 0, found 1/);
    refuses(
      () => optimizers.ftrl({ l1RegularizationStrength: -1 }),
      /l1RegularizationStrength of at least 0, found -1/,
    );
    const averaged = { useEma: true, emaMomentum: 2 };
    refuses(() => optimizers.adam(averaged), /adam: expected emaMomentum from 0 to 1, found 2/);
    const never = { useEma: true, emaOverwriteFrequency: 0 };
    refuses(() => optimizers.lion(never), /emaOverwriteFrequency of at least 1 step, found 0/);
    refuses(() => optimizers.sgd({ clipnorm: 1, clipvalue: 1 }), /one of .* found clipnorm and clipvalue/);
  });
});

describe("optimizerFromKeras", () => {
  for (const [name, { options }] of Object.entries(fixture.losses)) {
    it(`makes ${name} of Keras' description`, () => {
      const { learning_rate: rate } = options;
      const schedule = {
        class_name: "ExponentialDecay",
        config: { ...(rate as object), name: "ExponentialDecay" },
      };
      const capital = name.split(" ")[0]!.replace(/^./, (letter) => letter.toUpperCase());
      const optimizer = optimizerFromKeras({
        class_name: { Sgd: "SGD", Rmsprop: "RMSprop" }[capital] ?? capital,
        // Keras writes settings that we have not, and null for what is not set.
        config: {
          name: "optimizer",
          use_ema: false,
          clipnorm: null,
          ...options,
          ...(typeof rate === "object" && { learning_rate: schedule }),
        },
      }) as KerasOptimizer;
      const expected = newOptimizer(name, options);
      assert.equal(optimizer.constructor, expected.constructor);
      assert.deepEqual(optimizer.getConfig(), expected.getConfig());
      assert.equal(optimizer.rateAt(7), expected.rateAt(7));
      for (const made of [optimizer, expected]) made.dispose();
    });
  }

  it("knows what Keras 2 wrote, and says of others that there is none", () => {
    const config = { lr: 0.25, decay: 0 };
    assert.equal(learningRateOf(optimizerFromKeras({ class_name: "Custom>SGD", config })!), 0.25);
    assert.equal(optimizerFromKeras({ class_name: "Mystery", config }), undefined);
    const unknown = { learning_rate: { class_name: "Mystery", config: {} } };
    assert.equal(optimizerFromKeras({ class_name: "SGD", config: unknown }), undefined);
  });
});

describe("optimizers.schedules", () => {
  for (const [name, { options, rates }] of Object.entries(fixture.schedules)) {
    it(`${name} gives Keras' rates`, () => {
      const make = optimizers.schedules[name.split(" ")[0] as keyof typeof optimizers.schedules];
      const schedule = (make as unknown as (options: Options) => (step: number) => number)(
        camelCase(options),
      );
      for (const [step, rate] of rates.entries()) {
        assert(Math.abs(schedule(step) - rate) < 1e-6, `step ${step}: ${schedule(step)} in place of ${rate}`);
      }
    });
  }

  it("describe themselves as Keras does", () => {
    const { keras } = optimizers.schedules.polynomialDecay({ initialLearningRate: 0.1, decaySteps: 5 });
    assert.deepEqual(keras, {
      class_name: "PolynomialDecay",
      config: {
        initial_learning_rate: 0.1,
        decay_steps: 5,
        end_learning_rate: 0.0001,
        power: 1,
        cycle: false,
      },
    });
  });

  it("refuse what cannot be", () => {
    assert.throws(() => optimizers.schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 0 }), {
      message: "cosineDecay: expected decaySteps above 0, found 0",
    });
    assert.throws(() => optimizers.schedules.piecewiseConstantDecay({ boundaries: [1], values: [1] }), {
      message: /expected 2 values for 1 boundaries, found 1/,
    });
  });
});
