import { tf } from "../../tensorflow/tf.ts";
import { installLayerAdvice } from "../advice/installLayerAdvice.ts";
import { lookAtPrediction } from "../training/advisor.ts";
import { evaluateModel } from "../training/evaluateModel.ts";
import { fitModel } from "../training/fitModel.ts";
import { fitModelOnDataset } from "../training/fitModelOnDataset.ts";
import { completeInputs } from "../training/orderBatch.ts";
import { trainModelOnBatch } from "../training/trainModelOnBatch.ts";
import { installBatchNormalization } from "./batchNormalizationLayer.ts";
import { compiledModel } from "./compiledModels.ts";
import { installCompile } from "./compileMethod.ts";
import type { ModelMethods } from "./modelMethods.ts";
import { installNoiseLayers } from "./noiseLayers.ts";
import { predictInBatches } from "./predictInBatches.ts";

let isInstalled = false;

/**
 * Lets TensorFlow.js's models compile what they do with batches, whether by `fit`, `fitDataset`, `trainOnBatch`, `evaluate` or
 * `predict`. A model that cannot be compiled works as before, and stderr says why, once.
 */
export function installCompiledModels(): void {
  if (isInstalled) return;
  isInstalled = true;
  const prototype = tf.LayersModel.prototype as unknown as ModelMethods;
  installNoiseLayers();
  installBatchNormalization();
  installCompile();
  installLayerAdvice();
  prototype.fit = function (x, y, options) {
    return fitModel(this as unknown as tf.LayersModel, x, y, options);
  };
  prototype.fitDataset = function (dataset, options) {
    return fitModelOnDataset(this as unknown as tf.LayersModel, dataset, options);
  };
  prototype.evaluate = function (x, y, options) {
    return evaluateModel(this, x, y, options);
  };
  prototype.trainOnBatch = function (x, y, options) {
    return trainModelOnBatch(this, x, y, options);
  };
  (tf.Sequential.prototype as unknown as ModelMethods).trainOnBatch = function (...given) {
    return (this as unknown as { model: tf.LayersModel }).model.trainOnBatch(...given);
  };
  const { predict } = prototype;
  prototype.predict = function (x, options) {
    return tf.tidy(() => predict.call(this, completeInputs(this, x, "predict"), options));
  };
  prototype.makeTrainFunction = function () {
    const { training } = compiledModel(this);
    return (tensors) => training.run({ tensors }) as tf.Scalar[];
  };
  prototype.makeTestFunction = function () {
    const { test } = compiledModel(this);
    this.testFunction = (tensors) => test.run({ tensors }) as tf.Scalar[];
  };
  prototype.predictLoop = function (inputs, batchSize = 32) {
    lookAtPrediction(this, [inputs].flat());
    return predictInBatches(compiledModel(this).prediction, inputs, batchSize);
  };
}
