import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import type { TrainingCallback } from "../../../src/keras/training/callback.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { random, take } from "./numbers.ts";

const size = 8;
const kernelInitializer = "glorotUniform";

/** A batch of numbers and what they should become. */
function newBatch(count = size): { x: tf.Tensor; y: tf.Tensor } {
  const numbers = random(5);
  const x = tf.tensor(
    take(numbers, [count, 4], (u) => 2 * u - 1),
    [count, 4],
  );
  return {
    x,
    y: tf.tensor(
      take(numbers, [count, 2], (u) => u),
      [count, 2],
    ),
  };
}

function newModel(optimizer: tf.Optimizer | string = tf.train.sgd(0.1)): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: "tanh", inputShape: [4], kernelInitializer }),
      tf.layers.dense({ units: 2, kernelInitializer }),
    ],
  });
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

const weightsOf = (model: tf.LayersModel) =>
  model.getWeights().map((weight) => Array.from(weight.dataSync()));

function copyWeights(from: tf.LayersModel, to: tf.LayersModel): void {
  to.setWeights(from.getWeights());
}

/** Steps on the same batch, and the loss before each. */
async function train(
  model: tf.LayersModel,
  data: { x: tf.Tensor; y: tf.Tensor },
  steps: number,
  callbacks: TrainingCallback = {},
): Promise<number[]> {
  const { history } = await fit(model, data, {
    ...{ epochs: steps, stepsPerEpoch: 1, batchSize: data.x.shape[0], verbose: 0, callbacks },
  });
  return history.loss!;
}

function near(actual: readonly number[], wanted: readonly number[], tolerance = 1e-5): void {
  assert.equal(actual.length, wanted.length);
  actual.forEach((value, i) => {
    assert(Math.abs(value - wanted[i]!) <= tolerance, `${i}: ${value} instead of ${wanted[i]}`);
  });
}

describe("the next step sees", () => {
  let data: { x: tf.Tensor; y: tf.Tensor };
  beforeEach(() => (data = newBatch()));
  afterEach(() => tf.dispose({ ...data }));

  const optimizers: Record<string, () => tf.Optimizer> = {
    SGD: () => tf.train.sgd(0.1),
    RMSprop: () => tf.train.rmsprop(0.01),
    Adagrad: () => tf.train.adagrad(0.1),
    Adadelta: () => tf.train.adadelta(1, 0.95),
    Adam: () => tf.train.adam(0.01),
    Adamax: () => tf.train.adamax(0.01),
  };
  for (const [name, make] of Object.entries(optimizers)) {
    it(`the learning rate that a callback has set (${name})`, async () => {
      const optimizer = make();
      const model = newModel(optimizer);
      const seen: number[][][] = [];
      await train(model, data, 6, {
        onEpochEnd(epoch) {
          seen.push(weightsOf(model));
          if (epoch !== 2) return;
          if ("setLearningRate" in optimizer) (optimizer as tf.SGDOptimizer).setLearningRate(0);
          else Object.assign(optimizer, { learningRate: 0 });
        },
      });
      assert.notDeepEqual(seen[1], seen[2]);
      assert.deepEqual(seen[5], seen[2]);
      model.dispose();
    });
  }

  it("the weights that a callback has set", async () => {
    const model = newModel();
    const first = model.getWeights().map((weight) => weight.clone());
    const losses = await train(model, data, 6, {
      onEpochEnd(epoch) {
        if (epoch === 3) model.setWeights(first);
      },
    });
    assert(losses[3]! < losses[0]!);
    near(losses.slice(4), losses.slice(0, 2), 1e-6);
    tf.dispose(first);
    model.dispose();
  });

  it("what evaluate and predict see between two steps, and callbacks too", async () => {
    const model = newModel();
    const between: number[] = [];
    const losses = await train(model, data, 5, {
      onEpochEnd() {
        tf.tidy(() => {
          between.push((model.evaluate(data.x, data.y, { verbose: 0 }) as tf.Scalar).dataSync()[0]!);
          const error = tf.sub(model.predict(data.x) as tf.Tensor, data.y);
          near([tf.mean(tf.square(error)).dataSync()[0]!], [between.at(-1)!], 1e-6);
        });
      },
    });
    near(between.slice(0, -1), losses.slice(1), 1e-6);
    model.dispose();
  });

  it("the state of the optimizer, whichever way the step before was made", async () => {
    const [mixed, plain] = [newModel(tf.train.adam(0.01)), newModel(tf.train.adam(0.01))];
    copyWeights(mixed, plain);
    const small = { x: tf.slice(data.x, 0, 3), y: tf.slice(data.y, 0, 3) };
    const onBatch = async (model: tf.LayersModel, { x, y }: typeof small) =>
      (await model.trainOnBatch(x, y)) as number;
    const found = [
      ...(await train(mixed, data, 3)),
      await onBatch(mixed, data),
      await onBatch(mixed, small),
      ...(await train(mixed, small, 2)),
      ...(await train(mixed, data, 2)),
    ];
    const wanted: number[] = [];
    for (const batch of [data, data, data, data, small, small, small, data, data]) {
      wanted.push(await onBatch(plain, batch));
    }
    near(found, wanted);
    tf.dispose({ ...small });
    mixed.dispose();
    plain.dispose();
  });

  it("which layers are frozen, after compiling", async () => {
    const model = newModel();
    const compile = () => model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const moved = async () => {
      const before = weightsOf(model);
      await train(model, data, 2);
      return weightsOf(model).map((values, i) => values.some((value, j) => value !== before[i]![j]));
    };
    assert.deepEqual(await moved(), [true, true, true, true]);
    model.layers[0]!.trainable = false;
    compile();
    // TensorFlow.js lists the weights that are trained first.
    assert.deepEqual(await moved(), [true, true, false, false]);
    model.layers[0]!.trainable = true;
    compile();
    assert.deepEqual(await moved(), [true, true, true, true]);
    model.dispose();
  });

  it("a new optimizer, without the state of the last one", async () => {
    const model = newModel(tf.train.adam(0.01));
    await train(model, data, 3);
    const fresh = newModel(tf.train.adam(0.01));
    copyWeights(model, fresh);
    model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    near(await train(model, data, 3), await train(fresh, data, 3));
    model.dispose();
    fresh.dispose();
  });

  it("another loss, after compiling", async () => {
    const model = newModel();
    await train(model, data, 2);
    model.compile({ optimizer: tf.train.sgd(0), loss: "meanAbsoluteError" });
    const [loss] = await train(model, data, 1);
    const error = tf.tidy(() =>
      tf.mean(tf.abs(tf.sub(model.predict(data.x) as tf.Tensor, data.y))).dataSync(),
    );
    near([loss!], [error[0]!], 1e-6);
    model.dispose();
  });

  it("layers that another model has trained", async () => {
    const input = tf.input({ shape: [4] });
    const hidden = tf.layers.dense({ units: 5, activation: "tanh", kernelInitializer });
    const features = hidden.apply(input) as tf.SymbolicTensor;
    const head = tf.layers.dense({ units: 2, kernelInitializer });
    const whole = tf.model({ inputs: input, outputs: head.apply(features) as tf.SymbolicTensor });
    const part = tf.model({ inputs: input, outputs: features });
    whole.compile({ optimizer: tf.train.sgd(0.5), loss: "meanSquaredError" });
    const outputs = () => tf.tidy(() => Array.from((part.predict(data.x) as tf.Tensor).dataSync()));
    const before = outputs();
    await train(whole, data, 2);
    const after = outputs();
    assert.notDeepEqual(after, before);
    const byHand = tf.tidy(() => {
      const [kernel, bias] = hidden.getWeights() as [tf.Tensor2D, tf.Tensor1D];
      return Array.from(tf.tanh(tf.add(tf.matMul(data.x as tf.Tensor2D, kernel), bias)).dataSync());
    });
    near(after, byHand);
    whole.dispose();
  });

  it("the batch that it was given: predictions do not depend on how they were batched", () => {
    const model = newModel();
    const { x, y } = newBatch(11);
    tf.tidy(() => {
      const all = (model.predict(x, { batchSize: 32 }) as tf.Tensor).dataSync();
      for (const batchSize of [1, 4, 11]) {
        near(Array.from((model.predict(x, { batchSize }) as tf.Tensor).dataSync()), Array.from(all), 1e-6);
      }
    });
    tf.dispose([x, y]);
    model.dispose();
  });
});

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
