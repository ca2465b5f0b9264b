import { tf } from "../../tensorflow/tf.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { installBatchNormalization } from "./batchNormalizationLayer.ts";
import { installNoiseLayers } from "./noiseLayers.ts";
import { closeSteps, CompiledTraining, type Steps } from "./compiledTraining.ts";

type TrainFunction = (tensors: tf.Tensor[]) => tf.Scalar[];

const prototype = tf.LayersModel.prototype as unknown as { makeTrainFunction: () => TrainFunction };
const trainings = new WeakMap<TrainableModel, CompiledTraining>();
let makeEagerFunction: (() => TrainFunction) | undefined;

/**
 * Lets all training of TensorFlow.js's models, by `fit`, `fitDataset` or `trainOnBatch`, take compiled steps. A model whose
 * step cannot be compiled trains as before, and stderr says why, once.
 */
export function installCompiledTraining(): void {
  if (makeEagerFunction !== undefined) return;
  makeEagerFunction = prototype.makeTrainFunction;
  installNoiseLayers();
  installBatchNormalization();
  prototype.makeTrainFunction = function (this: TrainableModel) {
    const training = trainingOf(this);
    return (tensors) => training.run(tensors);
  };
}

/** The compiled training of a model, which lives as long as the model. */
export function trainingOf(model: TrainableModel): CompiledTraining {
  let training = trainings.get(model);
  if (training === undefined) {
    const said = new Set<string>();
    const say = (reason: string): void => {
      if (said.has(reason)) return;
      said.add(reason);
      process.stderr.write(`convoscope: a training step of "${model.name}" is not compiled: ${reason}\n`);
    };
    const steps: Steps = new Map();
    training = new CompiledTraining(model, makeEagerFunction!, { steps, say });
    trainings.set(model, training);
    collected.register(model, steps);
  }
  return training;
}

const collected = new FinalizationRegistry<Steps>(closeSteps);
