import { InputError } from "../errors.ts";
import { currentHost } from "../jupyter/host.ts";
import { tf } from "../tensorflow/tf.ts";
import { compiledModel, installCompiledModels } from "./compiled/install.ts";
import { statefulMetricsOf } from "./metrics/statefulMetric.ts";
import {
  isTensorData,
  toBatch,
  type FlatBatch,
  type Tensors,
  type TrainingData,
} from "./training/batches.ts";
import { batchSource, fromTensors, type BatchSource, type SourceOptions } from "./training/batchSource.ts";
import type { TrainingCallback, TrainingParams } from "./training/callback.ts";
import { kerasName } from "./training/logNames.ts";
import { orderBatch } from "./training/orderBatch.ts";
import { toClassWeights, type ClassWeights } from "./training/sampleWeights.ts";
import { trainable, type TrainableModel } from "./training/trainableModel.ts";
import { newBreather, train, type History } from "./training/trainingLoop.ts";

export type { History };

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
  /** Stops the training after the batch that is running. Default: the notebook's stop button. */
  signal?: AbortSignal;
}

installCompiledModels();

const who = "fit";

function checkCount(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= least)) {
    throw new InputError({ who, expected: `${name} of at least ${least}`, found: String(value) });
  }
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
 * Stopping (the notebook's button, or `signal`) takes effect after the batch that is running: the promise is rejected
 * with an AbortError, the model keeps the weights it has, and `model.history` what was reported. Batches that a generator
 * gave are disposed; tensors that were passed are not.
 *
 * @param model a compiled model; `metrics: ["accuracy"]` is reported as `accuracy`
 * @param data `{ x, y }`, `[x, y]`, an iterable of `{ xs, ys }` that gives an epoch each time, a function that makes one,
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
  checkCount("epochs", epochs, 1);
  checkCount("batchSize", batchSize, 1);
  checkCount("stepsPerEpoch", stepsPerEpoch, 1);
  const inner = trainable(model, who);
  const signal = options.signal ?? currentHost().signal;
  signal?.throwIfAborted();
  const classWeights = classWeight && toClassWeights(classWeight, inner.outputNames, who);
  const sourceOptions = { batchSize, shuffle, classWeights, who };
  const inOrder = { batchSize, shuffle: false, who };
  const weighted = sampleWeight === undefined ? data : addWeights(data, sampleWeight);

  let source: BatchSource;
  let validation = validationData === undefined ? undefined : batchSource(inner, validationData, inOrder);
  let parts: FlatBatch[] = [];
  if (validationSplit === 0 || validation !== undefined) source = batchSource(inner, weighted, sourceOptions);
  else {
    parts = split(inner, weighted, validationSplit, classWeights);
    source = fromTensors(inner, parts[0]!, sourceOptions);
    validation = fromTensors(inner, parts[1]!, inOrder);
  }

  const list = Array.isArray(callbacks)
    ? (callbacks as readonly TrainingCallback[])
    : [callbacks as TrainingCallback];
  const names = inner.getDedupedMetricsNames().map(kerasName);
  const params: TrainingParams = { epochs, steps: stepsPerEpoch ?? source.steps ?? null, verbose };
  const history: History = { epoch: [], history: {}, params };
  const compiled = compiledModel(inner);
  const run = {
    model: inner,
    compiled,
    source,
    validation,
    callbacks: list,
    names,
    stateful: statefulMetricsOf(model),
    stepsPerEpoch,
    verbose,
    breathe: newBreather(signal),
  };
  inner.isTraining = true;
  inner.stopTraining_ = false;
  for (const owner of [inner, model as unknown as TrainableModel]) owner.history = history;
  try {
    inner.checkTrainableWeightsConsistency();
    for (const callback of list) {
      callback.setParams?.({ ...params });
      callback.setModel?.(model);
      await callback.onTrainBegin?.({});
    }
    try {
      await train(run, history, initialEpoch);
    } finally {
      // Also when it was stopped: the best weights are restored then, files closed.
      for (const callback of list) await callback.onTrainEnd?.({});
    }
    return history;
  } finally {
    inner.isTraining = false;
    source.dispose();
    validation?.dispose();
    tf.dispose(parts.map(({ tensors }) => tensors));
  }
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

/** The tensors before and after the point where validation begins. */
function split(
  model: TrainableModel,
  data: TrainingData,
  validationSplit: number,
  classWeights: SourceOptions["classWeights"],
): FlatBatch[] {
  if (!isTensorData(data)) {
    const fix = "split the directory with imageDataGenerator({ validationSplit }) and pass validationData";
    throw new InputError({ who, expected: "tensors with validationSplit", found: "batches", fix });
  }
  const { tensors, size } = orderBatch(model, toBatch(data), { who, classWeights });
  const first = Math.floor(size * (1 - validationSplit));
  if (!(first > 0 && first < size)) {
    const expected = "validationSplit that leaves samples on both sides";
    throw new InputError({ who, expected, found: `${validationSplit} of ${size} samples` });
  }
  const part = (start: number, count: number) => ({
    tensors: tensors.map((tensor) => tf.slice(tensor, [start], [count])),
    size: count,
  });
  return [part(0, first), part(first, size - first)];
}
