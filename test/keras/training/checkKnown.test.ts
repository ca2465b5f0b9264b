import assert from "node:assert/strict";
import { InputError } from "../../../src/errors.ts";
import { callbacks } from "../../../src/keras/callbacks.ts";
import { imageDataGenerator } from "../../../src/keras/imageDataGenerator.ts";
import { imageDatasetFromDirectory } from "../../../src/keras/imageDatasetFromDirectory.ts";
import { loadImage } from "../../../src/keras/loadImage.ts";
import { optimizers } from "../../../src/keras/optimizers.ts";
import { checkKnown } from "../../../src/keras/training/checkKnown.ts";

const slip = (options: object) => options as never;

describe("options that there are not", () => {
  it("are answered with the nearest name, or with all", () => {
    const known = ["patience", "minDelta"];
    assert.throws(() => checkKnown("stop", { min_delta: 1 }, known), {
      message: "stop: expected known options, found min_delta; did you mean minDelta?",
    });
    assert.throws(() => checkKnown("stop", { patience: 1, colour: 1 }, known), {
      message: "stop: expected known options, found colour; there are minDelta, patience",
    });
    checkKnown("stop", { patience: 1 }, known);
  });

  // What somebody types who comes from Keras.
  const calls: [who: string, call: () => unknown, wanted: string][] = [
    [
      "earlyStopping",
      () => callbacks.earlyStopping(slip({ restore_best_weights: true })),
      "restoreBestWeights",
    ],
    [
      "modelCheckpoint",
      () => callbacks.modelCheckpoint(slip({ filepath: "best.h5", save_best_only: true })),
      "saveBestOnly",
    ],
    ["reduceLROnPlateau", () => callbacks.reduceLROnPlateau(slip({ min_lr: 1e-5 })), "minLr"],
    ["csvLogger", () => callbacks.csvLogger("log.csv", slip({ separater: ";" })), "separator"],
    ["tensorBoard", () => callbacks.tensorBoard(slip({ log_dir: "logs" })), "logDir"],
    ["lambda", () => callbacks.lambda(slip({ on_epoch_end: () => undefined })), "onEpochEnd"],
    ["imageDataGenerator", () => imageDataGenerator(slip({ rotation_range: 20 })), "rotationRange"],
    ["flow", () => imageDataGenerator().flow(slip({}), undefined, slip({ batch_size: 2 })), "batchSize"],
    [
      "flowFromDirectory",
      () => imageDataGenerator().flowFromDirectory("pictures", slip({ target_size: [8, 8] })),
      "targetSize",
    ],
    ["flowFromDataframe", () => imageDataGenerator().flowFromDataframe([], slip({ x_col: "file" })), "xCol"],
    [
      "imageDatasetFromDirectory",
      () => imageDatasetFromDirectory("pictures", slip({ image_size: [8, 8] })),
      "imageSize",
    ],
    ["loadImage", () => loadImage("cat.jpg", slip({ target_size: [8, 8] })), "targetSize"],
    ["adam", () => optimizers.adam(slip({ learning_rate: 0.1 })), "learningRate"],
  ];
  for (const [who, call, wanted] of calls) {
    it(`are refused by ${who}`, async () => {
      await assert.rejects(
        async () => await call(),
        (error) =>
          error instanceof InputError &&
          error.message.startsWith(`${who}: expected known options, found `) &&
          error.message.endsWith(`; did you mean ${wanted}?`),
      );
    });
  }
});

describe("callbacks that are made as in Python", () => {
  it("say what they want", () => {
    assert.throws(() => callbacks.modelCheckpoint("best.h5" as never), {
      message: 'modelCheckpoint: expected { filepath: "best.weights.h5", … }, found "best.h5"',
    });
    assert.throws(() => callbacks.learningRateScheduler(0.1 as never), {
      message: "learningRateScheduler: expected a function (epoch, learningRate) => learningRate, found 0.1",
    });
  });
});
