import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callbacks } from "../../../src/keras/callbacks.ts";
import type { CsvLoggerOptions } from "../../../src/keras/callbacks/csvLogger.ts";
import type { KerasCallback } from "../../../src/keras/callbacks/kerasCallback.ts";
import { learningRateOf } from "../../../src/keras/optimizers/learningRate.ts";
import type { Logs } from "../../../src/keras/training/logNames.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";
import { disposeModel, setWeight, tinyModel, weightOf } from "./tinyModel.ts";

interface Case {
  options: Record<string, unknown>;
  logs: Logs[];
  said: string;
  warned: string[];
  ran: number;
  rates: number[];
  weight: number;
}

// Made by makeCallbacks.py with Keras.
const fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/keras/callbacks.json", import.meta.url), "utf8"),
) as { early: Record<string, Case>; reduce: Record<string, Case>; csv: Record<string, string> };

const camelCase = (options: object) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value as unknown,
    ]),
  );

/** Lets a callback see epochs as `fit` does; the model's weight is the epoch's number. */
async function drive(
  callback: KerasCallback,
  epochs: readonly Logs[],
): Promise<Omit<Case, "options" | "logs">> {
  const model = tinyModel();
  const [out, err] = [captureOutput(), captureOutput(process.stderr)];
  const rates: number[] = [];
  callback.setModel(model);
  await callback.onTrainBegin({});
  for (const [epoch, logs] of epochs.entries()) {
    setWeight(model, epoch);
    await callback.onEpochBegin(epoch, {});
    await callback.onEpochEnd(epoch, { ...logs });
    rates.push(Number(learningRateOf(model.optimizer).toFixed(6)));
    if (model.stopTraining) break;
  }
  await callback.onTrainEnd({});
  const [said, warned] = [out.end(), err.end().split("\n").slice(0, -1)];
  const found = { said, warned: warned.slice(0, 1), ran: rates.length, rates, weight: weightOf(model) };
  disposeModel(model);
  return found;
}

/** Keras keeps rates in float32, and its messages show it. */
const rounded = (text: string) =>
  text.replace(/\d+\.\d{6,}(e-\d+)?/g, (number) => String(Number(Number(number).toPrecision(5))));

for (const [kind, make] of [
  ["early", callbacks.earlyStopping],
  ["reduce", callbacks.reduceLROnPlateau],
] as const) {
  describe(`callbacks.${make.name}`, () => {
    for (const [name, { options, logs, ...expected }] of Object.entries(fixture[kind])) {
      it(`${name}: does and says what it does in Keras`, async () => {
        const before = tf.memory().numTensors;
        const found = await drive(make(camelCase(options)), logs);
        assert.deepEqual(
          { ...found, said: rounded(found.said) },
          { ...expected, said: rounded(expected.said) },
        );
        assert.equal(tf.memory().numTensors, before);
      });
    }
  });
}

describe("callbacks.earlyStopping", () => {
  it("serves several trainings, and says which epoch was the best", async () => {
    const stopping = callbacks.earlyStopping({ patience: 1, restoreBestWeights: true });
    for (let training = 0; training < 2; training++) {
      const { weight } = await drive(
        stopping,
        [3, 2, 4, 1].map((loss) => ({ val_loss: loss })),
      );
      assert.deepEqual([weight, stopping.bestEpoch, stopping.best, stopping.stoppedEpoch], [1, 1, 2, 2]);
    }
  });

  it("refuses a log of which it is not known whether more is better", () => {
    assert.throws(() => callbacks.earlyStopping({ monitor: "mystery" }), {
      name: "InputError",
      message:
        'earlyStopping: expected a log whose direction is known, found mystery; pass mode: "min" or mode: "max"',
    });
  });

  it("knows the direction of Keras' own metrics", async () => {
    for (const [monitor, bestEpoch] of [
      ["loss", 0],
      ["val_mse", 0],
      ["categorical_crossentropy", 0],
      ["val_auc", 1],
      ["f1_score", 1],
      ["top_k_categorical_accuracy", 1],
    ] as const) {
      const stopping = callbacks.earlyStopping({ monitor, patience: 9 });
      await drive(stopping, [{ [monitor]: 0.1 }, { [monitor]: 0.2 }]);
      assert.equal(stopping.bestEpoch, bestEpoch, monitor);
    }
  });
});

describe("callbacks.reduceLROnPlateau", () => {
  it("tells the rate in the logs of the epoch", async () => {
    const model = tinyModel(0.5);
    const reduce = callbacks.reduceLROnPlateau();
    reduce.setModel(model);
    await reduce.onTrainBegin();
    const logs: Logs = { val_loss: 1 };
    await reduce.onEpochEnd(0, logs);
    assert.equal(logs.learning_rate, 0.5);
    disposeModel(model);
  });

  it("refuses a factor that reduces nothing", () => {
    assert.throws(() => callbacks.reduceLROnPlateau({ factor: 1 }), {
      message: "reduceLROnPlateau: expected factor below 1, found 1",
    });
  });
});

describe("callbacks.csvLogger", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "csv-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const full = [
    { loss: 0.5, accuracy: 0.25, val_loss: 0.75 },
    { loss: 0.25, accuracy: 0.5, val_loss: NaN },
  ];
  const late = [
    { loss: 0.5, accuracy: 0.25 },
    { loss: Infinity, accuracy: 0.5, val_loss: 0.125 },
  ];
  for (const [name, trainings, options] of [
    ["plain", [full], {}],
    ["replaced", [full, full], {}],
    ["appended", [full, full], { append: true, separator: ";" }],
    ["late validation", [late], {}],
  ] as [string, Logs[][], CsvLoggerOptions][]) {
    it(`${name}: writes what Keras writes`, async () => {
      const path = join(directory, "deep", "log.csv");
      for (const epochs of trainings) await drive(callbacks.csvLogger(path, options), epochs);
      assert.equal(readFileSync(path, "utf8"), fixture.csv[name]);
    });
  }
});

describe("callbacks.learningRateScheduler", () => {
  it("sets the rate of each epoch, says so as Keras does, and tells it in the logs", async () => {
    const scheduler = callbacks.learningRateScheduler((epoch, rate) => (epoch < 1 ? rate : rate / 2), {
      verbose: 1,
    });
    const { rates, said } = await drive(scheduler, [{}, {}, {}]);
    assert.deepEqual(rates, [1, 0.5, 0.25]);
    assert.match(
      said,
      /^\nEpoch 1: LearningRateScheduler setting learning rate to 1\.\n\nEpoch 2: .* to 0\.5\.\n/,
    );
  });

  it("refuses a schedule that gives no number", () => {
    const scheduler = callbacks.learningRateScheduler(() => NaN);
    const model = tinyModel();
    scheduler.setModel(model);
    assert.throws(() => void scheduler.onEpochBegin(0), {
      message: "learningRateScheduler: expected a schedule that returns a number, found NaN",
    });
    disposeModel(model);
  });
});
