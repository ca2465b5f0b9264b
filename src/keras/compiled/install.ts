import { tf } from "../../tensorflow/tf.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { installBatchNormalization } from "./batchNormalizationLayer.ts";
import { CompiledModel } from "./compiledModel.ts";
import { installCompile } from "./compileMethod.ts";
import type { ModelMethods } from "./modelMethods.ts";
import { installNoiseLayers } from "./noiseLayers.ts";
import { predictInBatches } from "./predictInBatches.ts";

const models = new WeakMap<TrainableModel, CompiledModel>();
/** Frees what was compiled for models that nobody has any more. */
const collected = new FinalizationRegistry<() => void>((close) => close());
/** TensorFlow.js's own way to predict, once it was replaced. */
let usualPredictLoop: ModelMethods["predictLoop"] | undefined;

/**
 * Lets TensorFlow.js's models compile what they do with batches, whether by `fit`, `fitDataset`, `trainOnBatch`, `evaluate` or
 * `predict`. A model that cannot be compiled works as before, and stderr says why, once.
 */
export function installCompiledModels(): void {
  if (usualPredictLoop !== undefined) return;
  const prototype = tf.LayersModel.prototype as unknown as ModelMethods;

  usualPredictLoop = prototype.predictLoop;
  installNoiseLayers();
  installBatchNormalization();
  installCompile();
  prototype.makeTrainFunction = function () {
    const { training } = compiledModel(this);
    return (tensors) => training.run({ tensors }) as tf.Scalar[];
  };
  prototype.makeTestFunction = function () {
    const { test } = compiledModel(this);
    this.testFunction = (tensors) => test.run({ tensors }) as tf.Scalar[];
  };
  prototype.predictLoop = function (inputs, batchSize = 32) {
    return predictInBatches(compiledModel(this).prediction, inputs, batchSize);
  };
}

/** What is compiled of a model, for as long as the model lives. */
export function compiledModel(model: TrainableModel): CompiledModel {
  let compiled = models.get(model);
  if (compiled === undefined) {
    compiled = new CompiledModel(model, usualPredictLoop!);
    models.set(model, compiled);
    collected.register(model, compiled.close);
  }
  return compiled;
}
