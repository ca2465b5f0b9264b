import assert from "node:assert/strict";
import { tf } from "../../../src/tensorflow/tf.ts";
import { random, take } from "./numbers.ts";
import { near, train } from "./steps.ts";

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
