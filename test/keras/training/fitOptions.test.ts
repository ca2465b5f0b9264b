import assert from "node:assert/strict";
import { InputError } from "../../../src/errors.ts";
import { callbacks } from "../../../src/keras/callbacks.ts";
import { fit, type FitOptions } from "../../../src/keras/fit.ts";
import type { TrainingData } from "../../../src/keras/training/batches.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

const xs = [[0], [1], [2], [3], [4], [5]];
const data = { x: xs, y: xs };

/** Predicts 0 for everything and learns nothing, so that losses are means of squares of the targets. */
function newModel(): tf.LayersModel {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "zeros", trainable: false })],
  });
  model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
  return model;
}

async function historyOf(options: FitOptions): Promise<Record<string, number[]>> {
  const model = newModel();
  const { history } = await fit(model, data, { verbose: 0, ...options });
  model.optimizer.dispose();
  model.dispose();
  return history;
}

describe("the options of fit", () => {
  it("validate after each so many epochs", async () => {
    const options = { epochs: 5, validationData: data, validationFreq: 2 };
    const { loss, val_loss: validation } = await historyOf(options);
    assert.deepEqual([loss!.length, validation!.length], [5, 2]);
  });

  it("validate after the epochs that are listed, counted from 1", async () => {
    const seen: number[] = [];
    const watch = {
      onEpochEnd: (epoch: number, logs: Record<string, number> = {}) =>
        void ("val_loss" in logs && seen.push(epoch)),
    };
    await historyOf({ epochs: 5, validationData: data, validationFreq: [1, 4], callbacks: watch });
    assert.deepEqual(seen, [0, 3]);
  });

  it("validate with so many batches of a size, each time from the first", async () => {
    const options = { epochs: 2, validationData: data, validationSteps: 2, validationBatchSize: 2 };
    const { val_loss: validation } = await historyOf(options);
    assert.deepEqual(validation, [(0 + 1 + 4 + 9) / 4, (0 + 1 + 4 + 9) / 4]);
    const whole = await historyOf({
      validationSplit: 0.5,
      batchSize: 3,
      validationSteps: 1,
      validationBatchSize: 1,
    });
    assert.deepEqual(whole.val_loss, [9]);
  });

  it("end every callback, and tell the error that stopped the training", async () => {
    const model = newModel();
    const ended: string[] = [];
    const failing = {
      onBatchEnd: () => {
        throw new Error("in the batch");
      },
      onTrainEnd: () => {
        ended.push("failing");
        throw new Error("at the end");
      },
    };
    const other = { onTrainEnd: () => void ended.push("other") };
    await assert.rejects(
      fit(model, data, { verbose: 0, callbacks: [failing, other] }),
      /^Error: in the batch$/,
    );
    assert.deepEqual(ended, ["failing", "other"]);
    const late = { onTrainEnd: failing.onTrainEnd };
    await assert.rejects(fit(model, data, { verbose: 0, callbacks: [late, other] }), /^Error: at the end$/);
    assert.deepEqual(ended, ["failing", "other", "failing", "other"]);
    model.optimizer.dispose();
    model.dispose();
  });

  const wrong = (options: object) => options as FitOptions;
  const refused: [options: FitOptions, message: string][] = [
    [wrong({ epoch: 3 }), "expected known options, found epoch; did you mean epochs?"],
    [
      wrong({ validation_data: [xs, xs] }),
      "expected known options, found validation_data; did you mean validationData?",
    ],
    [{ initialEpoch: -1 }, "expected initialEpoch of at least 0, found -1"],
    [{ validationFreq: 0 }, "expected validationFreq of at least 1, found 0"],
    [{ validationSteps: 1.5 }, "expected validationSteps of at least 1, found 1.5"],
    [
      wrong({ callbacks: [callbacks.earlyStopping] }),
      "expected callbacks that are objects, found the function earlyStopping; call it: callbacks.earlyStopping(), or { onEpochEnd(epoch, logs) { … } }",
    ],
    [wrong({ callbacks: [undefined] }), "expected callbacks that are objects, found undefined"],
    [
      wrong({ classWeight: new Map([[0, 1]]) }),
      "expected classWeight as { 0: 1, 1: 2 }, found a Map; pass Object.fromEntries(map)",
    ],
  ];
  for (const [options, message] of refused) {
    it(`refuse in one line: ${message}`, async () => {
      await assert.rejects(
        historyOf(options),
        (error) => error instanceof InputError && error.message === `fit: ${message}`,
      );
    });
  }
});

describe("what fit is given", () => {
  const fix = "fit(model, { x, y }, options)";
  const badData: [given: unknown[], found: string][] = [
    [[tf.zeros([2, 1]), tf.zeros([2, 1])], "inputs and targets as arguments"],
    [[xs, xs, { epochs: 2 }], "inputs and targets as arguments"],
    [[undefined], "undefined"],
    [["pictures/"], "pictures/"],
  ];
  for (const [given, found] of badData) {
    it(`is answered in one line: ${found} for data`, async () => {
      const model = newModel();
      const [first, second] = given as [TrainingData, FitOptions];
      await assert.rejects(
        fit(model, first, second),
        (error) =>
          error instanceof InputError &&
          error.message === `fit: expected data { x, y } or batches, found ${found}; ${fix}`,
      );
      model.optimizer.dispose();
      model.dispose();
    });
  }

  it("is answered in one line: a model that was not awaited, or is none", async () => {
    const promise = Promise.resolve() as unknown as tf.LayersModel;
    await assert.rejects(
      fit(promise, data),
      /^InputError: fit: expected a model, found a promise; await the model$/,
    );
    const none = undefined as unknown as tf.LayersModel;
    await assert.rejects(fit(none, data), /^InputError: fit: expected a model, found undefined$/);
  });
});
