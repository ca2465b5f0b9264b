import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import { losses } from "../../../src/keras/losses.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { classes, scores } from "./classScores.ts";

/** Hands its inputs on, so that predictions are what a test wants. */
function newModel(units: number, options: Omit<tf.ModelCompileArgs, "optimizer">): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units,
        useBias: false,
        inputShape: [units],
        kernelInitializer: tf.initializers.identity({}),
      }),
    ],
  });
  model.compile({ optimizer: "sgd", ...options });
  (model.optimizer as tf.SGDOptimizer).setLearningRate(0);
  return model;
}

describe('"accuracy" with a loss that is a function', () => {
  let before: number;
  beforeEach(() => (before = tf.memory().numTensors));
  afterEach(() => assert.equal(tf.memory().numTensors, before, "tensors left behind"));

  const oneHot = () => tf.tidy(() => tf.oneHot(tf.tensor1d(classes, "int32"), 3).toFloat());
  const cases: [
    name: string,
    loss: () => tf.ModelCompileArgs["loss"],
    x: number[][],
    y: () => tf.Tensor,
    wanted: number,
  ][] = [
    [
      "classes by numbers",
      losses.sparseCategoricalCrossentropy,
      scores,
      () => tf.tensor2d(classes, [4, 1]),
      0.5,
    ],
    [
      "classes by numbers, without an axis",
      losses.sparseCategoricalCrossentropy,
      scores,
      () => tf.tensor1d(classes),
      0.5,
    ],
    ["one-hot classes", losses.categoricalCrossentropy, scores, oneHot, 0.5],
    [
      "yes or no",
      losses.binaryCrossentropy,
      [[0.9], [0.4], [0.6], [0.1]],
      () => tf.tensor2d([1, 0, 0, 0], [4, 1]),
      0.75,
    ],
    ["a function of one's own", () => (y, p) => tf.losses.meanSquaredError(y, p), scores, oneHot, 0.5],
    [
      "a function in a list",
      () => [losses.sparseCategoricalCrossentropy()],
      scores,
      () => tf.tensor1d(classes),
      0.5,
    ],
  ];
  for (const metric of ["accuracy", "acc"]) {
    for (const [name, loss, x, y, wanted] of cases) {
      it(`is that of ${name} ("${metric}")`, async () => {
        const model = newModel(x[0]!.length, { loss: loss(), metrics: [metric] });
        const data = { x: tf.tensor2d(x), y: y() };
        const { history } = await fit(model, data, { verbose: 0, validationData: data });
        assert.deepEqual([history.accuracy, history.val_accuracy], [[wanted], [wanted]]);
        assert.deepEqual(model.metricsNames, ["loss", "acc"]);
        tf.dispose({ ...data });
        model.dispose();
      });
    }
  }

  it("may stand alone, or belong to one output", () => {
    const single = newModel(3, { loss: losses.categoricalCrossentropy(), metrics: "accuracy" });
    assert.deepEqual(single.metricsNames, ["loss", "acc"]);
    const input = tf.input({ shape: [2] });
    const outputs = ["a", "b"].map((name) => tf.layers.dense({ units: 2, name }).apply(input));
    const model = tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor[] });
    const loss = { a: losses.meanSquaredError(), b: "meanSquaredError" } as unknown as string[];
    model.compile({ optimizer: "sgd", loss, metrics: { b: "accuracy" } });
    assert.deepEqual(model.metricsNames, ["loss", "a_loss", "b_loss", "b_acc"]);
    model.compile({ optimizer: model.optimizer, loss, metrics: ["ce"] });
    assert.deepEqual(model.metricsNames, ["loss", "a_loss", "b_loss", "a_ce", "b_ce"]);
    model.optimizer.dispose();
    model.dispose();
    single.dispose();
  });

  it("has a crossentropy beside it", async () => {
    const x = tf.tensor2d(scores);
    const y = tf.tensor1d(classes);
    const model = newModel(3, { loss: losses.sparseCategoricalCrossentropy(), metrics: ["crossentropy"] });
    const { history } = await fit(model, { x, y }, { verbose: 0 });
    assert(Math.abs(history.ce![0]! - history.loss![0]!) < 1e-6);
    tf.dispose([x, y]);
    model.dispose();
  });

  it("is kept in the model by the name that was given", () => {
    const model = newModel(3, { loss: losses.categoricalCrossentropy(), metrics: ["accuracy"] });
    assert.deepEqual((model as unknown as { metrics: unknown }).metrics, ["accuracy"]);
    model.dispose();
  });
});

describe("compile", () => {
  it("takes null for options that are left out", () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    const none = { metrics: null, weightedMetrics: null, lossWeights: null };
    model.compile({ optimizer: "sgd", loss: "meanSquaredError", ...none } as unknown as tf.ModelCompileArgs);
    const loss = tf.tidy(() => (model.evaluate(tf.zeros([3, 2]), tf.ones([3, 1])) as tf.Scalar).dataSync());
    assert.deepEqual([...loss], [1]);
    model.dispose();
  });
});

describe("a history", () => {
  it("answers to TensorFlow.js's names too, which do not show", async () => {
    const model = newModel(3, { loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const x = tf.tensor2d([[1, 0, 0]]);
    const { history } = await fit(model, { x, y: x }, { verbose: 0, epochs: 2, validationData: { x, y: x } });
    assert.deepEqual(history.acc, [1, 1]);
    assert.deepEqual(history.val_acc, history.val_accuracy);
    assert.deepEqual(Object.keys(history), ["accuracy", "loss", "val_accuracy", "val_loss"]);
    x.dispose();
    model.dispose();
  });
});
