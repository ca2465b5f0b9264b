import { InputError } from "../errors.ts";
import { currentHost } from "../jupyter/host.ts";
import { tf } from "../tensorflow/tf.ts";
import { installCompiledModels } from "./compiled/install.ts";
import {
  isTensorData,
  toBatch,
  type TensorData,
  type Tensors,
  type TrainingData,
} from "./training/batches.ts";
import { batchSource, firstOf, splitSources, type BatchSource } from "./training/batchSource.ts";
import { checkCallbacks, checkData, checkFitOptions } from "./training/checkFit.ts";
import type { TrainingCallback, TrainingParams } from "./training/callback.ts";
import { asKeras } from "./training/manner.ts";
import { kerasName } from "./training/logNames.ts";
import { orderBatch } from "./training/orderBatch.ts";
import { toClassWeights, type ClassWeights } from "./training/sampleWeights.ts";
import { runTraining } from "./training/runTraining.ts";
import { trainable } from "./training/trainableModel.ts";
import type { Reports } from "./training/trainingLoop.ts";

// With these types come the options that TensorFlow.js's own methods have here besides.
export type { DatasetOptions } from "./training/fitModelOnDataset.ts";
export type { LossWeights } from "./training/lossWeights.ts";
export type { TrainOnBatchOptions } from "./training/trainModelOnBatch.ts";

/** What a training has reported: `loss`, `accuracy`, `val_loss`, `val_accuracy`, epoch by epoch. */
export interface History extends Reports {
  params: TrainingParams;
}

/** Options of {@link fit}; the names are Keras'. */
export interface FitOptions {
  /** Epochs in all, those before `initialEpoch` included. Default 1. */
  epochs?: number;
  /** Samples in a batch, when the data are tensors. Default 32. */
  batchSize?: number;
  /** Data to evaluate after each epoch. Default: none. */
  validationData?: TrainingData;
  /** The last part of the tensors, kept for validation: 0 to below 1. Default 0. */
  validationSplit?: number;
  /**
   * How much the samples of each class count, as `{ 0: 1, 1: 5 }`: 1 where nothing is said. For targets that are one-hot or the
   * numbers of classes. Only the loss of the training is weighted. Default: all alike.
   */
  classWeight?: ClassWeights;
  /**
   * How much each sample counts, `[samples]`, when the data are tensors; generators give `{ xs, ys, sampleWeight }`. The loss is
   * the sum of the weighted losses by the number of samples. Default: all alike.
   */
  sampleWeight?: Tensors;
  /** Batches of an epoch; the data go on, from their beginning if need be. Default: one pass through the data. */
  stepsPerEpoch?: number;
  /** What is told of each epoch and batch. Default: nothing. */
  callbacks?: TrainingCallback | readonly TrainingCallback[];
  /** 1 (default): a line an epoch, rewritten as it runs; 2: a line an epoch; 0: silence. */
  verbose?: 0 | 1 | 2;
  /** Whether tensors are taken in a new order in each epoch. Iterables keep their own. Default true. */
  shuffle?: boolean;
  /** The epoch to begin with, counted from 0. Default 0. */
  initialEpoch?: number;
  /** Batches of the validation data that are evaluated. Default: all. */
  validationSteps?: number;
  /** Samples in a batch of validation data that are tensors. Default: `batchSize`. */
  validationBatchSize?: number;
  /** Validates after each so many epochs, or after those that are listed, counted from 1. Default 1: after each. */
  validationFreq?: number | readonly number[];
  /** Stops the training after the batch that is running. Default: the notebook's stop button. */
  signal?: AbortSignal;
}

installCompiledModels();

const who = "fit";

/** Whether an epoch, counted from 0, is validated. */
function isValidated(freq: number | readonly number[], epoch: number): boolean {
  return typeof freq === "number" ? (epoch + 1) % freq === 0 : freq.includes(epoch + 1);
}

/**
 * Trains a compiled model, as Keras' `fit` does: on tensors, on generators of batches, on directories of pictures.
 *
 * ```ts
 * const history = await fit(model, train, { epochs: 30, validationData: test, callbacks: [checkpoint] });
 * // Epoch 1/30  14/14 ━━━━━━━━━━━━━━━━━━━━ 1.2 s 82 ms/step - accuracy: 0.3571 - loss: 1.1302 - val_accuracy: 0.4222 - …
 * history.history.val_accuracy; // one number an epoch
 * ```
 *
 * Stopping (the notebook's button, or `signal`) takes effect after the batch that is running, or the four short ones that run as
 * one call where no callback has `onBatchBegin` or `onBatchEnd`: the promise is rejected with an AbortError, the model keeps the
 * weights it has, and `model.history` what was reported. Batches that a generator gave are disposed; tensors that were passed are
 * not.
 *
 * @param model a compiled model; `metrics: ["accuracy"]` is reported as `accuracy`
 * @param data `{ x, y }`, `[x, y]` of tensors or of arrays of numbers, an iterable of `{ xs, ys }` that gives an epoch each time, a function that makes one,
 *   or a `tf.data` dataset; each with `sampleWeight` too, or as third of a list
 * @param options see {@link FitOptions}; all have defaults
 * @returns the history: `epoch`, `history`, `params`
 * @throws InputError when model and data do not fit together
 */
export async function fit(
  model: tf.LayersModel,
  data: TrainingData,
  options: FitOptions = {},
): Promise<History> {
  const { epochs = 1, batchSize = 32, validationData, validationSplit = 0, stepsPerEpoch } = options;
  const { classWeight, sampleWeight } = options;
  const { callbacks = [], verbose = 1, shuffle = true, initialEpoch = 0 } = options;
  const { validationSteps, validationBatchSize = batchSize, validationFreq = 1 } = options;
  checkData(data, options);
  checkFitOptions({ ...options });
  const list = Array.isArray(callbacks)
    ? (callbacks as readonly TrainingCallback[])
    : [callbacks as TrainingCallback];
  checkCallbacks(list);
  const inner = trainable(model, who);
  const signal = options.signal ?? currentHost().signal;
  signal?.throwIfAborted();
  const classWeights = classWeight && toClassWeights(classWeight, inner.outputNames, who);
  const sourceOptions = { batchSize, shuffle, classWeights, who };
  const inOrder = { batchSize: validationBatchSize, shuffle: false, who };
  const weighted = sampleWeight === undefined ? data : addWeights(data, sampleWeight);

  let source: BatchSource;
  let validation = validationData === undefined ? undefined : batchSource(inner, validationData, inOrder);
  if (validationSplit === 0 || validation !== undefined) source = batchSource(inner, weighted, sourceOptions);
  else {
    const whole = orderBatch(inner, toBatch(tensorsOf(weighted)), sourceOptions);
    [source, validation] = splitSources(inner, whole, validationSplit, sourceOptions, inOrder);
  }

  const params: TrainingParams = { epochs, steps: stepsPerEpoch ?? source.steps ?? null, verbose };
  const names = inner.getDedupedMetricsNames().map(kerasName);
  const history: History = { epoch: [], history: {}, params };
  await runTraining(
    {
      ...{ who, outer: model, model: inner, source, callbacks: list, names, params, signal },
      validation: validation && firstOf(validation, validationSteps),
      isValidated: (epoch) => isValidated(validationFreq, epoch),
      ...{ epochs, initialEpoch, stepsPerEpoch, verbose, manner: asKeras },
    },
    history,
  );
  return history;
}

/** Data that can be split: whole tensors. */
function tensorsOf(data: TrainingData): TensorData {
  if (isTensorData(data)) return data;
  const fix = "split the directory with imageDataGenerator({ validationSplit }) and pass validationData";
  throw new InputError({ who, expected: "tensors with validationSplit", found: "batches", fix });
}

/** Tensors with the weights of their samples. */
function addWeights(data: TrainingData, sampleWeight: Tensors): TrainingData {
  if (!isTensorData(data)) {
    const fix = "let the generator give { xs, ys, sampleWeight }";
    throw new InputError({ who, expected: "tensors with sampleWeight", found: "batches", fix });
  }
  const batch = toBatch(data);
  if (batch.sampleWeight !== undefined) {
    const found = "sampleWeight in the data and in the options";
    throw new InputError({ who, expected: "weights of samples once", found });
  }
  return { x: batch.xs, y: batch.ys!, sampleWeight };
}
