import { currentHost } from "../../jupyter/host.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { BatchSource } from "./batchSource.ts";
import { asTfjs } from "./manner.ts";
import { runTraining } from "./runTraining.ts";
import { pauseOf, toTrainingCallbacks, type CallbackOptions } from "./tfjsCallbacks.ts";
import type { TrainableModel } from "./trainableModel.ts";
import type { Reports } from "./trainingLoop.ts";

interface TfjsRun {
  who: string;
  model: tf.LayersModel;
  inner: TrainableModel;
  source: BatchSource;
  validation: BatchSource | undefined;
  stepsPerEpoch: number | undefined;
}

interface TfjsOptions extends CallbackOptions {
  epochs: number;
  initialEpoch: number;
  /** 0: silence. TensorFlow.js says nothing at 1 either, unless it is told how; where it was asked for, a line is written. */
  verbose: 0 | 1 | 2;
  signal?: AbortSignal | undefined;
}

/** Trains over our loop, with TensorFlow.js's callbacks, names and history. `counts` goes to callbacks and history. */
export async function trainAsTfjs(
  { who, model, inner, source, validation, stepsPerEpoch }: TfjsRun,
  { epochs, initialEpoch, verbose, signal = currentHost().signal, ...options }: TfjsOptions,
  counts: { samples: number | null; batchSize: number | null },
): Promise<tf.History> {
  signal?.throwIfAborted();
  const names = inner.getDedupedMetricsNames();
  const doValidation = validation !== undefined;
  const metrics = doValidation ? [...names, ...names.map((name) => `val_${name}`)] : names;
  const steps = counts.samples === null ? (stepsPerEpoch ?? source.steps ?? null) : null;
  const params = { epochs, initialEpoch, ...counts, steps, verbose, doValidation, metrics };
  const history: tf.History = Object.assign(new tf.History(), { epoch: [], history: {}, params });
  await runTraining(
    {
      ...{ who, outer: model, model: inner, source, validation, names, params, signal },
      ...{ epochs, initialEpoch, stepsPerEpoch, verbose, manner: asTfjs },
      callbacks: toTrainingCallbacks(options),
      pause: pauseOf(options.yieldEvery),
    },
    // All its values are read already.
    history as Reports,
  );
  return history;
}
