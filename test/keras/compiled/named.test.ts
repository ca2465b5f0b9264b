import assert from "node:assert/strict";
import { InputError } from "../../../src/errors.ts";
import { fit } from "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

function newModel(options: Partial<tf.ModelCompileArgs>, names = ["boxHead"]): tf.LayersModel {
  const input = tf.input({ shape: [3] });
  const outputs = names.map((name) =>
    tf.layers.dense({ name, units: 3, activation: "softmax" }).apply(input),
  );
  const model = tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor[] });
  model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", ...options });
  return model;
}

describe("names in compile", () => {
  let before: number;
  let data: { x: tf.Tensor; y: tf.Tensor };
  beforeEach(() => {
    before = tf.memory().numTensors;
    data = { x: tf.eye(3), y: tf.eye(3) };
  });
  afterEach(() => {
    tf.dispose({ ...data });
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  });

  const optimizers: [name: string, className: string, rate: number][] = [
    ["adam", "AdamOptimizer", 0.001],
    ["RMSprop", "RMSprop", 0.001],
    ["AdamW", "AdamW", 0.001],
    ["adamw", "AdamW", 0.001],
    ["nadam", "Nadam", 0.001],
    ["Lion", "Lion", 0.001],
    ["ftrl", "Ftrl", 0.001],
  ];
  for (const [name, className, rate] of optimizers) {
    it(`make the optimizer ${name}, which goes with the model`, () => {
      const model = newModel({ optimizer: name });
      const { optimizer } = model;
      assert.equal(optimizer.constructor.name, className);
      assert.equal((optimizer as unknown as { learningRate: number }).learningRate, rate);
      model.dispose();
    });
  }

  // What Keras 3.15 takes, and what it is called here.
  const losses: [name: string, same: string][] = [
    ["categorical_crossentropy", "categoricalCrossentropy"],
    ["CategoricalCrossentropy", "categoricalCrossentropy"],
    ["mse", "meanSquaredError"],
    ["MAE", "meanAbsoluteError"],
    ["mean_squared_error", "meanSquaredError"],
    ["kl_divergence", "kullbackLeiblerDivergence"],
    ["bce", "binaryCrossentropy"],
    ["squared_hinge", "squaredHinge"],
    ["log_cosh", "logcosh"],
  ];
  for (const [name, same] of losses) {
    it(`make the loss ${name}`, () => {
      const model = newModel({ loss: name });
      const lossOf = () => tf.tidy(() => (model.evaluate(data.x, data.y) as tf.Scalar).dataSync()[0]!);
      const found = lossOf();
      model.compile({ optimizer: model.optimizer, loss: same });
      const wanted = lossOf();
      // Targets of 0 and 1 are -1 and 1 for Keras' hinge, not for that of TensorFlow.js.
      if (name === "squared_hinge") assert.notEqual(found, wanted);
      else assert(Math.abs(found - wanted) < 1e-6, `${found}, ${wanted}`);
      model.optimizer.dispose();
      model.dispose();
    });
  }

  it("stand for a loss of each output", async () => {
    const model = newModel({ loss: { a: "mse", b: "categorical_crossentropy" } }, ["a", "b"]);
    const { history } = await fit(model, { x: data.x, y: [data.y, data.y] }, { verbose: 0 });
    assert.deepEqual(Object.keys(history), ["a_loss", "b_loss", "loss"]);
    model.dispose();
  });

  it("name the history as Keras does: by what was given, after the output's own name", async () => {
    const metrics = ["AUC", "MSE", "mean_absolute_error", "top_k_categorical_accuracy", "recall", "acc"];
    const model = newModel({ metrics });
    const { history } = await fit(model, data, { verbose: 0, validationData: data });
    const wanted = ["AUC", "MSE", "accuracy", "loss", "mean_absolute_error", "recall"];
    wanted.push("top_k_categorical_accuracy");
    assert.deepEqual(Object.keys(history), [...wanted, ...wanted.map((name) => `val_${name}`)]);
    assert.deepEqual(history.top_k_categorical_accuracy, [1]);
    model.dispose();

    const two = newModel({ metrics: ["AUC"] }, ["boxHead", "b"]);
    const { history: both } = await fit(two, { x: data.x, y: [data.y, data.y] }, { verbose: 0 });
    assert.deepEqual(Object.keys(both), ["b_AUC", "b_loss", "boxHead_AUC", "boxHead_loss", "loss"]);
    two.dispose();
  });

  it("may be listed for each output", () => {
    const model = newModel({ metrics: [["MAE"], ["AUC", "acc"]] as never }, ["a", "b"]);
    assert.deepEqual(model.metricsNames, ["loss", "a_loss", "b_loss", "a_MAE", "b_AUC", "b_acc"]);
    model.dispose();
  });

  it("free what their metrics count in when the model is compiled anew", async () => {
    const model = newModel({ metrics: ["AUC"] });
    await fit(model, data, { verbose: 0 });
    const { numTensors } = tf.memory();
    const { optimizer } = model;
    model.compile({ optimizer, loss: "mse", metrics: ["AUC"] });
    await fit(model, data, { verbose: 0 });
    assert.equal(tf.memory().numTensors, numTensors);
    optimizer.dispose();
    model.dispose();
  });

  const unknown: [options: Partial<tf.ModelCompileArgs>, message: string][] = [
    [{ optimizer: "adm" }, 'compile: expected the name of an optimizer, found "adm"; did you mean "adam"?'],
    [
      { loss: "categoricalCrossentrpy" },
      'compile: expected the name of a loss, found "categoricalCrossentrpy"; did you mean "categoricalCrossentropy"?',
    ],
    [
      { metrics: ["acuracy"] },
      'compile: expected the name of a metric, found "acuracy"; did you mean "accuracy"?',
    ],
  ];
  for (const [options, message] of unknown) {
    it(`that nobody knows are answered by "${message}"`, () => {
      const model = newModel({});
      const { optimizer } = model;
      assert.throws(
        () => model.compile({ optimizer, loss: "mse", ...options }),
        (error) => error instanceof InputError && error.message === message,
      );
      model.dispose();
    });
  }
});
