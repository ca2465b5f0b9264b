import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fit } from "../../src/keras/fit.ts";
import { losses } from "../../src/keras/losses.ts";
import type { Loss } from "../../src/keras/losses/loss.ts";
import { metrics } from "../../src/keras/metrics.ts";
import {
  isStateful,
  statefulMetricsOf,
  type StatefulMetric,
} from "../../src/keras/metrics/statefulMetric.ts";
import { tf } from "../../src/tensorflow/tf.ts";

type Options = Record<string, unknown>;
type Numbers = number | number[] | number[][];

// Made by makeLosses.py with Keras.
const fixture = JSON.parse(
  readFileSync(new URL("../fixtures/keras/losses.json", import.meta.url), "utf8"),
) as {
  losses: Record<
    string,
    { options: Options; yTrue: Numbers; yPred: Numbers; values: Numbers; gradient: Numbers }
  >;
  metrics: Record<
    string,
    { options: Options; yTrue: number[]; yPred: number[]; results: number[]; name: string }
  >;
};

const camelCase = (options: Options) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name
        .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
        .replace(/^thresholds$/, "threshold"),
      value,
    ]),
  );

function near(found: tf.Tensor, expected: Numbers, tolerance: number, what: string): void {
  tf.tidy(() => {
    const reference = tf.tensor(expected);
    assert.deepEqual(found.shape, reference.shape, what);
    const scale = tf.maximum(tf.abs(reference), 1);
    const worst = tf.max(tf.div(tf.abs(tf.sub(found, reference)), scale)).dataSync()[0]!;
    assert(worst < tolerance, `${what}: off by ${worst}`);
  });
}

describe("losses", () => {
  for (const [name, { options, yTrue, yPred, values, gradient }] of Object.entries(fixture.losses)) {
    it(`${name}: values and gradients are those of Keras`, () => {
      const before = tf.memory().numTensors;
      const make = losses[name.split(" ")[0] as keyof typeof losses] as (options: Options) => Loss;
      const loss = make(camelCase(options));
      const [target, found] = [tf.tensor(yTrue), tf.tensor(yPred)];
      const made = loss(target, found);
      near(made, values, 1e-5, "values");
      const slope = tf.grad((x) => tf.mean(loss(target, x)))(found);
      near(slope, gradient, 1e-4, "gradient");
      tf.dispose([target, found, made, slope]);
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it("say which class of Keras they are", () => {
    const { keras, name } = losses.categoricalCrossentropy({ labelSmoothing: 0.1 });
    assert.equal(name, "categorical_crossentropy");
    assert.deepEqual(keras, {
      class_name: "CategoricalCrossentropy",
      config: { name, from_logits: false, label_smoothing: 0.1 },
    });
  });

  it("train a model", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    const loss = losses.categoricalCrossentropy({ fromLogits: true });
    model.compile({ optimizer: "sgd", loss, metrics: [metrics.topKCategoricalAccuracy({ k: 2 })] });
    const [x, y] = [tf.ones([4, 2]), tf.oneHot(tf.tensor1d([0, 0, 1, 2], "int32"), 3).toFloat()];
    const first = (await model.trainOnBatch(x, y)) as number[];
    const second = (await model.trainOnBatch(x, y)) as number[];
    assert(second[0]! < first[0]!);
    assert.deepEqual(model.metricsNames, ["loss", "top_k_categorical_accuracy"]);
    tf.dispose([x, y]);
    model.dispose();
  });
});

describe("metrics", () => {
  for (const [name, { options, yTrue, yPred, results, name: kerasName }] of Object.entries(fixture.metrics)) {
    it(`${name}: gives Keras' values for one batch and for two`, () => {
      const before = tf.memory().numTensors;
      const settings = camelCase(options);
      const make = metrics[name.split(" ")[0] as keyof typeof metrics] as (
        ...settings: unknown[]
      ) => Loss | StatefulMetric;
      const metric = / ?\w+At\w+/.test(name) ? make(Object.values(settings)[0]) : make(settings);
      const half = yTrue.length / 2;
      const found = [0, 1].map((part) =>
        tf.tidy(() => {
          const cut = isStateful(metric) ? [part * half, (part + 1) * half] : [0, (part + 1) * half];
          const value = metric(tf.tensor(yTrue.slice(...cut)), tf.tensor(yPred.slice(...cut)));
          return tf.mean(value).dataSync()[0]!;
        }),
      );
      for (const [batch, result] of results.entries()) {
        assert(
          Math.abs(found[batch]! - result) < 1e-4,
          `batch ${batch}: ${found[batch]} in place of ${result}`,
        );
      }
      if (isStateful(metric)) {
        const read = () => tf.tidy(() => metric.result().dataSync()[0]!);
        assert(Math.abs(read() - results[1]!) < 1e-4);
        metric.resetState();
        assert(!(read() > 0), "nothing is counted any more");
        const again = tf.tidy(
          () => metric(tf.tensor(yTrue.slice(0, half)), tf.tensor(yPred.slice(0, half))).dataSync()[0]!,
        );
        assert(Math.abs(again - results[0]!) < 1e-4);
        metric.dispose();
        assert.equal(read(), 0);
      }
      assert.equal(metric.name, kerasName);
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it("that count are found in a model, by their place among its names", () => {
    const [auc, recall] = [metrics.auc(), metrics.recall()];
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    const list = [auc, metrics.binaryAccuracy(), recall];
    model.compile({ optimizer: "sgd", loss: "binaryCrossentropy", metrics: list });
    assert.deepEqual(
      [...statefulMetricsOf(model)],
      [
        [1, auc],
        [3, recall],
      ],
    );
    assert.deepEqual(model.metricsNames, ["loss", "auc", "binary_accuracy", "recall"]);
    for (const metric of [auc, recall]) metric.dispose();
    model.dispose();
  });

  it("count every batch of a training, and every one of an evaluation, once they are ready", async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: "softmax" })],
    });
    const [every, score] = [metrics.truePositives({ threshold: 0 }), metrics.f1Score()];
    model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", metrics: [every, score] });
    const ready = statefulMetricsOf(model);
    const [x, y] = [
      tf.ones([12, 2]),
      tf.tidy(() => tf.oneHot(tf.range(0, 12, 1, "int32").mod(3).toInt(), 3).toFloat()),
    ];
    await fit(model, { x, y }, { epochs: 2, batchSize: 4, verbose: 0 });
    const counted = () => tf.tidy(() => every.result().dataSync()[0]);
    // Each epoch counts anew.
    assert.equal(counted(), 12);
    for (const metric of ready.values()) metric.resetState();
    assert.equal(counted(), 0);
    tf.dispose(model.evaluate(x, y, { batchSize: 4 }));
    assert.equal(counted(), 12);
    tf.dispose([x, y]);
    model.dispose();
    for (const metric of ready.values()) metric.dispose();
  });

  it("accuracy chooses by the shapes, as Keras does", () => {
    const accuracy = metrics.accuracy();
    const mean = (yTrue: tf.Tensor, yPred: tf.Tensor) =>
      tf.tidy(() => tf.mean(accuracy(yTrue, yPred)).dataSync()[0]);
    tf.tidy(() => {
      assert.equal(mean(tf.tensor2d([[1], [0]]), tf.tensor2d([[0.9], [0.8]])), 0.5);
      assert.equal(
        mean(
          tf.tensor1d([2, 0]),
          tf.tensor2d([
            [0, 0, 1],
            [0, 0, 1],
          ]),
        ),
        0.5,
      );
      assert.equal(
        mean(
          tf.tensor2d([
            [0, 0, 1],
            [0, 1, 0],
          ]),
          tf.tensor2d([
            [0, 0, 1],
            [0, 0, 1],
          ]),
        ),
        0.5,
      );
    });
  });

  it("refuse in one line what cannot be", () => {
    assert.throws(() => metrics.precision({ threshold: 2 }), {
      name: "InputError",
      message: "precision: expected threshold from 0 to 1, found 2",
    });
    assert.throws(() => metrics.auc({ numThresholds: 1 }), { message: /numThresholds above 1, found 1/ });
    assert.throws(() => metrics.sensitivityAtSpecificity(2), { message: /specificity from 0 to 1, found 2/ });
  });
});
