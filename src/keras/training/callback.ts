import type { tf } from "../../tensorflow/tf.ts";
import type { Logs } from "./logNames.ts";

/** What is said about a training before it begins. */
export interface TrainingParams {
  epochs: number;
  /** Batches in an epoch, where that is known. */
  steps: number | null;
  verbose: number;
}

/** Hooks that `fit` calls, with TensorFlow.js's names; each may be left out. Epochs and batches count from 0. */
export interface TrainingCallback {
  setModel?(model: tf.LayersModel): void;
  setParams?(params: Record<string, unknown>): void;
  onTrainBegin?(logs?: Logs): void | Promise<void>;
  onTrainEnd?(logs?: Logs): void | Promise<void>;
  onEpochBegin?(epoch: number, logs?: Logs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs?: Logs): void | Promise<void>;
  onBatchBegin?(batch: number, logs?: Logs): void | Promise<void>;
  onBatchEnd?(batch: number, logs?: Logs): void | Promise<void>;
}
