import { setImmediate as nextTurn } from "node:timers/promises";
import { InputError } from "../errors.ts";
import { currentHost } from "../jupyter/host.ts";
import { tf } from "../tensorflow/tf.ts";
import {
  batchSource,
  fromTensors,
  isTensorData,
  orderTensors,
  type BatchSource,
  type FlatBatch,
  type TrainingData,
} from "./training/batches.ts";
import type { TrainingCallback, TrainingParams } from "./training/callback.ts";
import { kerasName, newLogs, type Logs } from "./training/logNames.ts";
import { progressLine, type ProgressLine } from "./training/progressLine.ts";
import { RunningMeans } from "./training/runningMeans.ts";
import { trainable, type TrainableModel } from "./training/trainableModel.ts";

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

/** What a training has reported, epoch by epoch. */
export interface History {
  epoch: number[];
  /** The values of each log: `loss`, `accuracy`, `val_loss`, `val_accuracy`. */
  history: Record<string, number[]>;
  params: TrainingParams;
}

const who = "fit";
/** How long the event loop may wait for its turn, in milliseconds: stop buttons and displays live there. */
const longestTurn = 50;

/** What all epochs of one training share. */
interface Run {
  model: TrainableModel;
  /** One step of training: loss and metrics of a batch. */
  step: (tensors: tf.Tensor[]) => tf.Scalar[];
  source: BatchSource;
  validation: BatchSource | undefined;
  callbacks: readonly TrainingCallback[];
  names: string[];
  stepsPerEpoch: number | undefined;
  verbose: 0 | 1 | 2;
  signal: AbortSignal | undefined;
}

/** Lets the event loop have its turn when it is due, and ends the training when it was stopped. */
function newBreather(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > longestTurn) {
      await nextTurn();
      last = performance.now();
    }
    signal?.throwIfAborted();
  };
}

/** Batches without an end: the source begins anew when it is through, and each epoch of the training goes on where the last one was. */
async function* endless(source: BatchSource): AsyncGenerator<FlatBatch, void, undefined> {
  for (;;) {
    let some = false;
    for await (const batch of source.epoch()) {
      some = true;
      yield batch;
    }
    if (!some) {
      const fix = "pass a function that makes the generator, or fewer stepsPerEpoch";
      throw new InputError({ who, expected: "more batches", found: "the end of the data", fix });
    }
  }
}

async function trainEpoch(
  { model, step, callbacks, names, stepsPerEpoch, signal }: Run,
  batches: AsyncIterator<FlatBatch>,
  line: ProgressLine,
): Promise<{ steps: number; logs: [string, number][] }> {
  const means = new RunningMeans(names);
  const breathe = newBreather(signal);
  const watched = callbacks.some((callback) => callback.onBatchEnd !== undefined);
  let steps = 0;
  try {
    while (stepsPerEpoch === undefined || steps < stepsPerEpoch) {
      await breathe();
      const next = await batches.next();
      if (next.done) break;
      const { tensors, size } = next.value;
      let scalars: tf.Scalar[];
      try {
        const begun: Logs = { batch: steps, size };
        for (const callback of callbacks) await callback.onBatchBegin?.(steps, begun);
        scalars = step(tensors);
      } finally {
        tf.dispose(tensors);
      }
      await means.add(scalars, size);
      if (watched) {
        const logs = newLogs([["batch", steps], ["size", size], ...(await means.read())]);
        for (const callback of callbacks) await callback.onBatchEnd?.(steps, logs);
      }
      steps++;
      if (line.due()) line.update(steps, newLogs(await means.read()));
      if (model.stopTraining_) break;
    }
    return { steps, logs: await means.read() };
  } finally {
    means.dispose();
  }
}

async function validate({ model, names, signal }: Run, source: BatchSource): Promise<[string, number][]> {
  model.makeTestFunction();
  const means = new RunningMeans(names);
  const breathe = newBreather(signal);
  try {
    let some = false;
    for await (const { tensors, size } of source.epoch()) {
      try {
        await breathe();
        await means.add(model.testFunction(tensors), size);
      } finally {
        tf.dispose(tensors);
      }
      some = true;
    }
    if (!some) {
      const fix = "pass a function that makes the generator";
      throw new InputError({ who, expected: "batches in validationData", found: "none", fix });
    }
    return (await means.read()).map(([name, value]) => [`val_${name}`, value]);
  } finally {
    means.dispose();
  }
}

async function train(run: Run, history: History, initialEpoch: number): Promise<void> {
  const { model, source, validation, callbacks, stepsPerEpoch, verbose } = run;
  const { epochs } = history.params;
  const onward = stepsPerEpoch === undefined ? undefined : endless(source);
  try {
    for (let epoch = initialEpoch; epoch < epochs && !model.stopTraining_; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, {});
      const line = progressLine(`Epoch ${epoch + 1}/${epochs}`, history.params.steps ?? undefined, verbose);
      const batches = onward ?? source.epoch();
      const { steps, logs: trained } = await trainEpoch(run, batches, line).finally(() =>
        onward === undefined ? batches.return() : undefined,
      );
      if (steps === 0) {
        const fix = "pass a function that makes the generator: one that has ended cannot begin again";
        throw new InputError({ who, expected: `batches in epoch ${epoch + 1}`, found: "none", fix });
      }
      const logs = newLogs([...trained, ...(validation ? await validate(run, validation) : [])]);
      line.end(steps, logs);
      history.epoch.push(epoch);
      for (const [name, value] of Object.entries(logs)) (history.history[name] ??= []).push(value);
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs);
    }
  } finally {
    await onward?.return();
  }
}

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
 *   or a `tf.data` dataset
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
  const { callbacks = [], verbose = 1, shuffle = true, initialEpoch = 0 } = options;
  checkCount("epochs", epochs, 1);
  checkCount("batchSize", batchSize, 1);
  checkCount("stepsPerEpoch", stepsPerEpoch, 1);
  const inner = trainable(model, who);
  const signal = options.signal ?? currentHost().signal;
  signal?.throwIfAborted();
  const sourceOptions = { batchSize, shuffle, who };
  const inOrder = { ...sourceOptions, shuffle: false };

  let source: BatchSource;
  let validation = validationData === undefined ? undefined : batchSource(inner, validationData, inOrder);
  let parts: FlatBatch[] = [];
  if (validationSplit === 0 || validation !== undefined) source = batchSource(inner, data, sourceOptions);
  else {
    parts = split(inner, data, validationSplit);
    source = fromTensors(inner, parts[0]!, sourceOptions);
    validation = fromTensors(inner, parts[1]!, inOrder);
  }

  const list = Array.isArray(callbacks)
    ? (callbacks as readonly TrainingCallback[])
    : [callbacks as TrainingCallback];
  const names = inner.getDedupedMetricsNames().map(kerasName);
  const params: TrainingParams = { epochs, steps: stepsPerEpoch ?? source.steps ?? null, verbose };
  const history: History = { epoch: [], history: {}, params };
  const step = inner.makeTrainFunction();
  const run = {
    model: inner,
    step,
    source,
    validation,
    callbacks: list,
    names,
    stepsPerEpoch,
    verbose,
    signal,
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
    await train(run, history, initialEpoch);
    for (const callback of list) await callback.onTrainEnd?.({});
    return history;
  } finally {
    inner.isTraining = false;
    tf.dispose(parts.map(({ tensors }) => tensors));
  }
}

/** The tensors before and after the point where validation begins. */
function split(model: TrainableModel, data: TrainingData, validationSplit: number): FlatBatch[] {
  if (!isTensorData(data)) {
    const fix = "split the directory with imageDataGenerator({ validationSplit }) and pass validationData";
    throw new InputError({ who, expected: "tensors with validationSplit", found: "batches", fix });
  }
  const { tensors, size } = orderTensors(model, data, who);
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
