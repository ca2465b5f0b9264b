import assert from "node:assert/strict";
import { InputError } from "../../../src/errors.ts";
import { fit } from "../../../src/keras/fit.ts";
import { metrics } from "../../../src/keras/metrics.ts";
import { optimizers } from "../../../src/keras/optimizers.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { classes, scores } from "./classScores.ts";

const weights = [1, 2, 3, 4];

/** Hands its inputs on. */
function newModel(options: Omit<tf.ModelCompileArgs, "optimizer" | "loss">, outputs = 1): tf.LayersModel {
  const input = tf.input({ shape: [3] });
  const layers = Array.from({ length: outputs }, (_, index) =>
    tf.layers.dense({
      name: "ab"[index]!,
      units: 3,
      useBias: false,
      kernelInitializer: tf.initializers.identity({}),
    }),
  );
  const model = tf.model({
    inputs: input,
    outputs: layers.map((layer) => layer.apply(input) as tf.SymbolicTensor),
  });
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0 }),
    loss: "categoricalCrossentropy",
    ...options,
  });
  return model;
}

describe("weightedMetrics", () => {
  let data: { x: tf.Tensor; y: tf.Tensor; sampleWeight: tf.Tensor };
  let before: number;

  beforeEach(() => {
    before = tf.memory().numTensors;
    data = {
      x: tf.tensor2d(scores),
      y: tf.tidy(() => tf.oneHot(tf.tensor1d(classes, "int32"), 3).toFloat()),
      sampleWeight: tf.tensor1d(weights),
    };
  });
  afterEach(() => {
    tf.dispose({ ...data });
    assert.equal(tf.memory().numTensors, before, "tensors left behind");
  });

  it("are means in which samples count by their weights, over batches of any weight, beside metrics that are not", async () => {
    const model = newModel({ metrics: ["accuracy"], weightedMetrics: ["accuracy"] });
    const options = { batchSize: 3, epochs: 3, verbose: 0, validationData: data } as const;
    const { history } = await fit(model, data, options);
    assert.deepEqual(
      Object.keys(history),
      [
        ...["accuracy", "loss", "val_accuracy", "val_loss"],
        ...["val_weighted_accuracy", "weighted_accuracy"],
      ].toSorted(),
    );
    assert.deepEqual(history.accuracy, [0.5, 0.5, 0.5]);
    for (const value of [...history.weighted_accuracy!, ...history.val_weighted_accuracy!])
      assert(Math.abs(value - 0.3) < 1e-6, String(value));
    model.dispose();
  });

  it("are reported under their own name where no other metric has it", async () => {
    const model = newModel({ weightedMetrics: "accuracy" });
    assert.deepEqual(model.metricsNames, ["loss", "acc"]);
    const { history } = await fit(model, data, { batchSize: 3, verbose: 0 });
    assert(Math.abs(history.accuracy![0]! - 0.3) < 1e-6);
    const plain = await fit(model, { x: data.x, y: data.y }, { batchSize: 3, verbose: 0 });
    assert(Math.abs(plain.history.accuracy![0]! - 0.5) < 1e-6, "without weights all count alike");
    model.dispose();
  });

  it("hold in evaluate", () => {
    const model = newModel({ weightedMetrics: ["accuracy"] });
    const { x, y, sampleWeight } = data;
    const scalars = model.evaluate(x, y, { batchSize: 3, sampleWeight }) as tf.Scalar[];
    assert(Math.abs(scalars[1]!.dataSync()[0]! - 0.3) < 1e-6);
    tf.dispose(scalars);
    model.dispose();
  });

  it("belong to one output, or to each", () => {
    const model = newModel({ metrics: { a: "accuracy" }, weightedMetrics: { a: "accuracy", b: "mse" } }, 2);
    assert.deepEqual(model.metricsNames, ["loss", "a_loss", "b_loss", "a_acc", "a_weighted_acc", "b_mse"]);
    model.dispose();
  });

  it("are means: others are refused", () => {
    const model = newModel({});
    const options = { optimizer: model.optimizer, loss: "categoricalCrossentropy" };
    assert.throws(() => model.compile({ ...options, weightedMetrics: [metrics.auc()] as never }), InputError);
    model.dispose();
  });
});
