import { setImmediate as nextTurn } from "node:timers/promises";
import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { StatefulMetric } from "../metrics/statefulMetric.ts";
import type { CompiledModel } from "../compiled/compiledModel.ts";
import type { Advisor } from "./advisor.ts";
import { disposeBatch, inSteps, type FlatBatch } from "./batches.ts";
import type { BatchSource } from "./batchSource.ts";
import type { TrainingCallback } from "./callback.ts";
import { addOtherNames, type Logs } from "./logNames.ts";
import type { Manner } from "./manner.ts";
import { progressLine, type ProgressLine } from "./progressLine.ts";
import { RunningMeans } from "./runningMeans.ts";
import type { TrainableModel } from "./trainableModel.ts";

/** What a training has reported, epoch by epoch. */
export interface Reports {
  epoch: number[];
  /** The values of each log. */
  history: Record<string, number[]>;
}

/** How long the event loop may wait for its turn, in milliseconds: stop buttons and displays live there. */
const longestTurn = 50;

/** What all epochs of one training share. */
export interface Run {
  /** The function that was asked, as "fit". */
  who: string;
  model: TrainableModel;
  /** Its steps. */
  compiled: CompiledModel;
  source: BatchSource;
  validation: BatchSource | undefined;
  /** Whether an epoch, counted from 0, is validated. Default: each. */
  isValidated?: ((epoch: number) => boolean) | undefined;
  callbacks: readonly TrainingCallback[];
  names: string[];
  /** The metrics that count over batches, by their place among the names. */
  stateful: ReadonlyMap<number, StatefulMetric>;
  epochs: number;
  /** The epoch to begin with, counted from 0. */
  initialEpoch: number;
  stepsPerEpoch: number | undefined;
  verbose: 0 | 1 | 2;
  manner: Manner;
  advisor: Advisor;
  breathe: () => Promise<void>;
}

/**
 * Lets the event loop have its turn when it is due, and ends the training when it was stopped. One for a whole training:
 * epochs of a few milliseconds would otherwise never be due.
 */
export function newBreather(signal: AbortSignal | undefined, pause = longestTurn): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= pause) {
      await nextTurn();
      last = performance.now();
    }
    signal?.throwIfAborted();
  };
}

/** Batches without an end: the source begins anew when it is through, and each epoch of the training goes on where the last one was. */
async function* endless({ source, who }: Run): AsyncGenerator<FlatBatch, void, undefined> {
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
function hasHook(callback: TrainingCallback, name: "onBatchBegin" | "onBatchEnd"): boolean {
  return callback[name] !== undefined && callback[name] !== tf.Callback.prototype[name];
}

async function trainEpoch(
  { model, compiled, callbacks, names, stateful, stepsPerEpoch, manner, advisor, breathe, ...run }: Run,
  epoch: number,
  batches: AsyncIterator<FlatBatch>,
  line: ProgressLine,
): Promise<{ steps: number; values: [string, number][] }> {
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
      const each = inSteps(batch);
      let values: tf.Tensor[];
      try {
        if (epoch === run.initialEpoch && steps === 0) await advisor.seeFirst(batch);
        const begun: Logs = { batch: steps, size };
        for (const callback of callbacks) await callback.onBatchBegin?.(steps, begun);
        values =
          each.length === 1
            ? await compiled.training.runAsync(batch)
            : await compiled.training.runStepsAsync(each);
      } finally {
        disposeBatch(batch);
      }
      await means.add(values, size);
      if (watched) {
        const logs = manner.logs([["batch", steps], ["size", size], ...(await manner.ofBatch(means))]);
        for (const callback of callbacks) await callback.onBatchEnd?.(steps, logs);
      }
      steps += each.length;
      if (line.due()) line.update(steps, manner.logs(await means.read()));
      if (model.stopTraining_) break;
    }
    const values = await means.read();
    if (means.broken) await advisor.explain(means.broken.loss, epoch, means.broken.batch);
    return { steps, values };
  } finally {
    means.dispose();
  }
}

async function validate(
  { who, compiled, names, stateful, breathe }: Run,
  source: BatchSource,
): Promise<[string, number][]> {
  const means = new RunningMeans(names, stateful);
  try {
    let some = false;
    for await (const batch of source.epoch()) {
      try {
        await breathe();
        await means.add(await compiled.test.runAsync(batch), batch.size);
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
export async function train(run: Run, reports: Reports): Promise<void> {
  const { who, model, source, validation, callbacks, epochs, initialEpoch, stepsPerEpoch, manner } = run;
  const { isValidated = () => true } = run;
  const known = stepsPerEpoch ?? source.steps;
  const onward = stepsPerEpoch === undefined ? undefined : endless(run);
  const isWatched = callbacks.some(
    (callback) => hasHook(callback, "onBatchBegin") || hasHook(callback, "onBatchEnd"),
  );
  const stepsAtOnce = (batch: FlatBatch): number =>
    isWatched ? 1 : run.compiled.training.stepsAtOnce(batch);
  try {
    for (let epoch = initialEpoch; epoch < epochs && !model.stopTraining_; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, {});
      const line = progressLine(`Epoch ${epoch + 1}/${epochs}`, known, run.verbose);
      const batches = onward ?? source.epoch(stepsAtOnce);
      let done: Awaited<ReturnType<typeof trainEpoch>>;
      try {
        done = await trainEpoch(run, epoch, batches, line);
      } catch (error) {
        line.leave();
        throw error;
      } finally {
        if (onward === undefined) await batches.return();
      }
      const { steps, values } = done;
      if (steps === 0 && manner.endsWithData && epoch > initialEpoch) return;
      if (steps === 0) {
        const fix = "pass a function that makes the generator: one that has ended cannot begin again";
        throw new InputError({ who, expected: `batches in epoch ${epoch + 1}`, found: "none", fix });
      }
      const isCut = model.stopTraining_ && steps !== known;
      const validates =
        validation !== undefined && isValidated(epoch) && (manner.validatesWhenStopped || !isCut);
      const logs = manner.logs(values, validates ? await validate(run, validation) : []);
      line.end(steps, logs);
      reports.epoch.push(epoch);
      // They may add to the logs: the learning rate, for one.
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs);
      for (const [name, value] of Object.entries(logs)) (reports.history[name] ??= []).push(value);
      addOtherNames(reports.history);
    }
  } finally {
    await onward?.return();
  }
}
