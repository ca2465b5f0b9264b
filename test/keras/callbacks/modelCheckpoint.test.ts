import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callbacks } from "../../../src/keras/callbacks.ts";
import type { ModelCheckpointOptions } from "../../../src/keras/callbacks/modelCheckpoint.ts";
import { loadModel, loadWeights } from "../../../src/keras/modelFiles.ts";
import { formatPath } from "../../../src/keras/training/formatPath.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";

function newModel(): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] });
  setWeight(model, 0);
  return model;
}

function setWeight(model: tf.LayersModel, value: number): void {
  const weight = tf.tensor2d([[value]]);
  model.setWeights([weight]);
  weight.dispose();
}

const weight = (model: tf.LayersModel) => model.getWeights()[0]!.dataSync()[0];

describe("callbacks.modelCheckpoint", () => {
  let directory: string;
  let filepath: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "checkpoint-"));
    filepath = join(directory, "best.weights.h5");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Lets a checkpoint see epochs with these logs; the model's weight is the epoch's number, from 0. */
  const run = async (options: Partial<ModelCheckpointOptions>, epochs: Record<string, number>[]) => {
    const checkpoint = callbacks.modelCheckpoint({ filepath, ...options });
    const model = newModel();
    checkpoint.setModel(model);
    const capture = captureOutput();
    let text = "";
    try {
      for (const [epoch, logs] of epochs.entries()) {
        setWeight(model, epoch);
        await checkpoint.onEpochEnd(epoch, logs);
      }
    } finally {
      text = capture.end();
    }
    return { checkpoint, model, text };
  };

  it("keeps the best of falling losses, and says which", async () => {
    const losses = [0.5, 0.4, 0.4, 0.6].map((loss) => ({ val_loss: loss }));
    const { checkpoint, model } = await run({ saveBestOnly: true }, losses);
    assert.equal(checkpoint.best, 0.4);
    assert.equal(checkpoint.bestEpoch, 1);
    assert.equal(checkpoint.bestPath, filepath);
    await loadWeights(model, filepath);
    assert.equal(weight(model), 1);
  });

  for (const monitor of ["val_accuracy", "valAccuracy", "val_acc", "valAcc"]) {
    for (const log of ["val_accuracy", "val_acc"]) {
      it(`keeps the best of rising accuracies: monitor ${monitor}, reported as ${log}`, async () => {
        const { checkpoint } = await run(
          { saveBestOnly: true, monitor },
          [0.3, 0.8, 0.8, 0.7].map((value) => ({ [log]: value })),
        );
        assert.equal(checkpoint.bestEpoch, 1);
      });
    }
  }

  it("obeys mode", async () => {
    const { checkpoint } = await run({ saveBestOnly: true, mode: "max" }, [
      { val_loss: 0.1 },
      { val_loss: 0.2 },
    ]);
    assert.equal(checkpoint.best, 0.2);
  });

  it("says what Keras 3 says", async () => {
    const { text } = await run(
      { saveBestOnly: true, verbose: 1, monitor: "val_accuracy" },
      [0.5, 0.25, 0.75].map((value) => ({ val_accuracy: value })),
    );
    assert.equal(
      text,
      `\nEpoch 1: val_accuracy improved from None to 0.50000, saving model to ${filepath}\n` +
        `\nEpoch 1: finished saving model to ${filepath}\n` +
        `\nEpoch 2: val_accuracy did not improve from 0.50000\n` +
        `\nEpoch 3: val_accuracy improved from 0.50000 to 0.75000, saving model to ${filepath}\n` +
        `\nEpoch 3: finished saving model to ${filepath}\n`,
    );
    const each = await run({ verbose: 1 }, [{ val_loss: 1 }]);
    assert.equal(
      each.text,
      `\nEpoch 1: saving model to ${filepath}\n\nEpoch 1: finished saving model to ${filepath}\n`,
    );
  });

  it("saves every epoch under its own name", async () => {
    const path = join(directory, "{epoch:02d}-{valAccuracy:.3f}.h5");
    await run({ filepath: path }, [
      { val_accuracy: 0.5, val_loss: 1 },
      { val_accuracy: 0.25, val_loss: 2 },
    ]);
    assert.deepEqual(readdirSync(directory).sort(), ["01-0.500.h5", "02-0.250.h5"]);
    const model = await loadModel(join(directory, "02-0.250.h5"));
    assert.equal(weight(model), 1);
  });

  it("beats initialValueThreshold before it saves", async () => {
    const options = { saveBestOnly: true, initialValueThreshold: 0.3, verbose: 1 } as const;
    const { checkpoint, text } = await run(options, [{ val_loss: 0.4 }, { val_loss: 0.2 }]);
    assert.equal(checkpoint.bestEpoch, 1);
    assert.match(text, /Epoch 1: val_loss did not improve from 0\.30000\n/);
  });

  it("falls back to mode auto from a mode that there is not, and says so as Keras does", async () => {
    const capture = captureOutput(process.stderr);
    const { checkpoint } = await run({ saveBestOnly: true, mode: "least" as "min" }, [{ val_loss: 1 }]);
    assert.equal(capture.end(), "modelCheckpoint mode 'least' is unknown, fallback to auto mode.\n");
    assert.equal(checkpoint.bestEpoch, 0);
  });

  it("refuses a directory in place of a file", async () => {
    mkdirSync(filepath);
    await assert.rejects(run({}, [{ val_loss: 1 }]), { name: "InputError", message: /found the directory/ });
  });

  it("saves when the log is missing, and says so, as Keras does", async () => {
    const capture = captureOutput(process.stderr);
    await run({ saveBestOnly: true }, [{ loss: 1 }]);
    assert.equal(capture.end(), "Can save best model only with val_loss available.\n");
    assert(existsSync(filepath));
  });

  it("is a callback of TensorFlow.js's own fit too", async () => {
    const model = newModel();
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError", metrics: ["accuracy"] });
    const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]])];
    const checkpoint = callbacks.modelCheckpoint({ filepath, monitor: "val_loss", saveBestOnly: true });
    const { history } = await model.fit(x, y, {
      epochs: 3,
      validationData: [x, y],
      callbacks: checkpoint,
      verbose: 0,
    });
    assert.equal(checkpoint.best, Math.min(...(history.val_loss as number[])));
    tf.dispose([x, y]);
  });

  it("refuses in one line what it cannot do", () => {
    const refuses = (options: Partial<ModelCheckpointOptions>, message: RegExp) =>
      assert.throws(() => callbacks.modelCheckpoint({ filepath, ...options }), {
        name: "InputError",
        message,
      });
    refuses({ filepath: "model.zip" }, /filepath that ends in \.keras or \.h5, .* found model\.zip/);
    refuses({ filepath: "a.weights.h5", saveWeightsOnly: false }, /found a\.weights\.h5/);
    refuses({ filepath: "a.zip", saveWeightsOnly: true }, /ends in \.weights\.h5, found a\.zip/);
    refuses({ saveFreq: 0 }, /saveFreq "epoch" or a number of batches, found 0/);
    refuses({ monitor: "mystery" }, /a log whose direction is known, found mystery; pass mode/);
  });
});

describe("formatPath", () => {
  // Expected: Python's str.format.
  for (const [template, expected] of [
    ["{epoch}.h5", "7.h5"],
    ["{epoch:03d}.h5", "007.h5"],
    ["{epoch:3d}.h5", "  7.h5"],
    ["{val_loss:.2f}-{loss:e}.h5", "0.13-1.500000e-07.h5"],
    ["{valLoss:08.3f}.h5", "0000.125.h5"],
    ["plain.h5", "plain.h5"],
  ] as const) {
    it(`${template} becomes ${expected}`, () =>
      assert.equal(formatPath(template, { epoch: 7, val_loss: 0.125, loss: 1.5e-7 }), expected));
  }
  it("refuses names without a value and unknown forms", () => {
    assert.throws(() => formatPath("{mystery}", { epoch: 1 }), { message: /among epoch, found \{mystery\}/ });
    assert.throws(() => formatPath("{epoch:x}", { epoch: 1 }), { message: /a form such as 02d/ });
  });
});
