import assert from "node:assert/strict";
import { fit } from "../../../src/keras/fit.ts";
import type { Batch } from "../../../src/keras/training/batches.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { batches, leavesNothing, newModel, quiet, sgd } from "./network.ts";

describe("the callbacks of fit", () => {
  const clean = leavesNothing();

  it("tells callbacks of everything, in order, under either name", async () => {
    const heard: string[] = [];
    let trained: tf.LayersModel | undefined;
    const model = newModel();
    await fit(model, batches, {
      epochs: 5,
      initialEpoch: 4,
      validationData: batches,
      callbacks: [
        {
          setModel: (given) => (trained = given),
          onTrainBegin: () => void heard.push("train"),
          onTrainEnd: () => void heard.push("end"),
          onEpochBegin: (epoch) => void heard.push(`epoch ${epoch}`),
          onEpochEnd(epoch, logs) {
            assert.deepEqual(Object.keys(logs!), ["accuracy", "loss", "val_accuracy", "val_loss"]);
            assert.equal(logs!.val_acc, logs!.val_accuracy);
            assert.equal(logs!.valAccuracy, logs!.val_accuracy);
            assert.equal(logs!.valLoss, logs!.val_loss);
            heard.push(`end ${epoch}`);
          },
          onBatchBegin: (batch) => void heard.push(`batch ${batch}`),
          onBatchEnd: (batch, logs) => void heard.push(`end ${batch} ${typeof logs!.loss}`),
        },
      ],
      ...quiet,
    });
    const steps = [0, 1, 2].flatMap((batch) => [`batch ${batch}`, `end ${batch} number`]);
    assert.deepEqual(heard, ["train", "epoch 4", ...steps, "end 4", "end"]);
    assert.equal(trained, model);
    clean(model);
  });

  it("works with TensorFlow.js's early stopping", async () => {
    const model = newModel();
    model.compile({ optimizer: sgd(0), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const stop = tf.callbacks.earlyStopping({ monitor: "val_acc", patience: 1 });
    const { epoch } = await fit(model, batches, {
      epochs: 9,
      validationData: batches,
      callbacks: stop as never,
      ...quiet,
    });
    assert.deepEqual(epoch, [0, 1, 2].slice(0, epoch.length));
    assert(epoch.length < 9);
    clean(model);
  });

  it("leaves no tensor when a callback or the data fail", async () => {
    const model = newModel();
    const fail = () => {
      throw new Error("failed");
    };
    for (const hook of ["onBatchBegin", "onBatchEnd", "onEpochEnd"]) {
      await assert.rejects(fit(model, batches, { callbacks: { [hook]: fail }, ...quiet }), /failed/);
    }
    async function* broken(): AsyncGenerator<Batch> {
      yield* batches();
      fail();
    }
    await assert.rejects(fit(model, broken, { ...quiet }), /failed/);
    clean(model);
  });
});
