import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callbacks } from "../../../src/keras/callbacks.ts";
import { fit } from "../../../src/keras/fit.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { captureOutput } from "../captureOutput.ts";
import { disposeModel, tinyModel } from "./tinyModel.ts";

/** Eight samples of y = 2x, or of numbers too large for float32. */
function newData(scale = 1): { x: tf.Tensor; y: tf.Tensor } {
  return tf.tidy(() => {
    const x = tf.linspace(0, 1, 8).reshape([8, 1]).mul(scale);
    return { x, y: x.mul(2) };
  });
}

describe("callbacks with batches", () => {
  /** Trains in batches of 2 by `fit` and by TensorFlow.js's own loop, and gives what each printed. */
  const both = async (newCallback: () => tf.Callback, { epochs = 2, scale = 1 } = {}): Promise<string[]> => {
    const printed: string[] = [];
    for (const own of [true, false]) {
      const before = tf.memory().numTensors;
      const [model, data, capture] = [tinyModel(0.1), newData(scale), captureOutput()];
      try {
        const settings = {
          epochs,
          batchSize: 2,
          callbacks: [newCallback()],
          verbose: 0,
          shuffle: false,
        } as const;
        if (own) await fit(model, data, settings);
        else await model.fit(data.x, data.y, { ...settings, callbacks: [...settings.callbacks] });
      } finally {
        printed.push(capture.end());
        tf.dispose(data);
        disposeModel(model);
      }
      assert.equal(tf.memory().numTensors, before);
    }
    return printed;
  };

  it("terminateOnNaN ends a training whose loss is no number", async () => {
    for (const text of await both(() => callbacks.terminateOnNaN(), { scale: 1e30 })) {
      assert.equal(text, "Batch 0: Invalid loss, terminating training\n");
    }
    for (const text of await both(() => callbacks.terminateOnNaN())) assert.equal(text, "");
  });

  it("terminateOnNaN throws where that is asked for", async () => {
    const [model, data] = [tinyModel(), newData(1e30)];
    const training = fit(model, data, {
      verbose: 0,
      callbacks: callbacks.terminateOnNaN({ raiseError: true }),
    });
    await assert.rejects(training, /^Error: NaN or Inf loss encountered at batch 0\. Loss value: Infinity\./);
    tf.dispose(data);
    disposeModel(model);
  });

  it("lambda calls functions with numbers, under Keras' names", async () => {
    const calls: string[] = [];
    const note = (name: string) => (number: number, logs?: Record<string, number>) => {
      calls.push(`${name} ${number} ${typeof logs?.loss}`);
    };
    await both(
      () =>
        callbacks.lambda({
          onTrainBegin: () => void calls.push("begin"),
          onEpochBegin: note("epochBegin"),
          onBatchEnd: note("batchEnd"),
          onEpochEnd: note("epochEnd"),
          onTrainEnd: () => void calls.push("end"),
        }),
      { epochs: 1 },
    );
    const batches = [0, 1, 2, 3].map((batch) => `batchEnd ${batch} number`);
    const expected = ["begin", "epochBegin 0 undefined", ...batches, "epochEnd 0 number", "end"];
    assert.deepEqual(calls, [...expected, ...expected]);
  });

  it("modelCheckpoint saves after so many batches, over the ends of epochs", async () => {
    const directory = mkdtempSync(join(tmpdir(), "checkpoint-"));
    try {
      const filepath = join(directory, "{epoch:02d}-{batch:02d}.weights.h5");
      await both(() => callbacks.modelCheckpoint({ filepath, saveFreq: 3, monitor: "loss" }));
      assert.deepEqual(readdirSync(directory).sort(), ["01-03.weights.h5", "02-02.weights.h5"]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("those that do not look at batches have no hook of their own for them", () => {
    const idle = [
      callbacks.earlyStopping(),
      callbacks.modelCheckpoint({ filepath: "a.h5" }),
      callbacks.csvLogger("a"),
    ];
    for (const callback of idle) assert(!Object.hasOwn(callback, "onBatchEnd"));
    assert(Object.hasOwn(callbacks.terminateOnNaN(), "onBatchEnd"));
  });
});
