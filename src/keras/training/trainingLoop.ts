import { setImmediate as nextTurn } from "node:timers/promises";
import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { StatefulMetric } from "../metrics/statefulMetric.ts";
import type { CompiledModel } from "../compiled/compiledModel.ts";
import { disposeBatch, type FlatBatch } from "./batches.ts";
import type { BatchSource } from "./batchSource.ts";
import type { TrainingCallback, TrainingParams } from "./callback.ts";
import { addOtherNames, newLogs, type Logs } from "./logNames.ts";
import { progressLine, type ProgressLine } from "./progressLine.ts";
import { RunningMeans } from "./runningMeans.ts";
import type { TrainableModel } from "./trainableModel.ts";

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
export interface Run {
  model: TrainableModel;
  /** Its steps. */
  compiled: CompiledModel;
  source: BatchSource;
  validation: BatchSource | undefined;
  callbacks: readonly TrainingCallback[];
  names: string[];
  /** The metrics that count over batches, by their place among the names. */
  stateful: ReadonlyMap<number, StatefulMetric>;
  stepsPerEpoch: number | undefined;
  verbose: 0 | 1 | 2;
  breathe: () => Promise<void>;
}

/**
 * Lets the event loop have its turn when it is due, and ends the training when it was stopped. One for a whole training:
 * epochs of a few milliseconds would otherwise never be due.
 */
export function newBreather(signal: AbortSignal | undefined): () => Promise<void> {
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

/** Whether a callback has a hook; every heir of TensorFlow.js's class has some that do nothing. */
function hasHook(callback: TrainingCallback, name: "onBatchEnd"): boolean {
  return callback[name] !== undefined && callback[name] !== tf.Callback.prototype[name];
}

async function trainEpoch(
  { model, compiled, callbacks, names, stateful, stepsPerEpoch, breathe }: Run,
  batches: AsyncIterator<FlatBatch>,
  line: ProgressLine,
): Promise<{ steps: number; logs: [string, number][] }> {
  const means = new RunningMeans(names, stateful);
  const watched = callbacks.some((callback) => hasHook(callback, "onBatchEnd"));
  let steps = 0;
  try {
    while (stepsPerEpoch === undefined || steps < stepsPerEpoch) {
      await breathe();
      const next = await batches.next();
      if (next.done) break;
      const batch = next.value;
      const { size } = batch;
      let scalars: tf.Tensor[];
      try {
        const begun: Logs = { batch: steps, size };
        for (const callback of callbacks) await callback.onBatchBegin?.(steps, begun);
        scalars = await compiled.training.runAsync(batch);
      } finally {
        disposeBatch(batch);
      }
      await means.add(scalars as tf.Scalar[], size);
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

async function validate(
  { compiled, names, stateful, breathe }: Run,
  source: BatchSource,
): Promise<[string, number][]> {
  const means = new RunningMeans(names, stateful);
  try {
    let some = false;
    for await (const batch of source.epoch()) {
      try {
        await breathe();
        await means.add((await compiled.test.runAsync(batch)) as tf.Scalar[], batch.size);
      } finally {
        disposeBatch(batch);
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

/** Runs the epochs of a training and writes down what they report. */
export async function train(run: Run, history: History, initialEpoch: number): Promise<void> {
  const { model, source, validation, callbacks, stepsPerEpoch, verbose } = run;
  const { epochs } = history.params;
  const onward = stepsPerEpoch === undefined ? undefined : endless(source);
  try {
    for (let epoch = initialEpoch; epoch < epochs && !model.stopTraining_; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, {});
      const line = progressLine(`Epoch ${epoch + 1}/${epochs}`, history.params.steps ?? undefined, verbose);
      const batches = onward ?? source.epoch();
      let done: Awaited<ReturnType<typeof trainEpoch>>;
      try {
        done = await trainEpoch(run, batches, line);
      } catch (error) {
        line.leave();
        throw error;
      } finally {
        if (onward === undefined) await batches.return();
      }
      const { steps, logs: trained } = done;
      if (steps === 0) {
        const fix = "pass a function that makes the generator: one that has ended cannot begin again";
        throw new InputError({ who, expected: `batches in epoch ${epoch + 1}`, found: "none", fix });
      }
      const logs = newLogs([...trained, ...(validation ? await validate(run, validation) : [])]);
      line.end(steps, logs);
      history.epoch.push(epoch);
      // They may add to the logs: the learning rate, for one.
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs);
      for (const [name, value] of Object.entries(logs)) (history.history[name] ??= []).push(value);
      addOtherNames(history.history);
    }
  } finally {
    await onward?.return();
  }
}
