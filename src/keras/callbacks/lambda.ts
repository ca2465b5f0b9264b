import type { TrainingCallback } from "../training/callback.ts";
import type { Logs } from "../training/logNames.ts";
import { checkKnown } from "../training/checkKnown.ts";
import { KerasCallback, readLogs, type RawLogs } from "./kerasCallback.ts";

/** What to do when; each may be left out. */
export type LambdaOptions = Pick<
  TrainingCallback,
  "onTrainBegin" | "onTrainEnd" | "onEpochBegin" | "onEpochEnd" | "onBatchBegin" | "onBatchEnd"
>;

const hooks: readonly (keyof LambdaOptions)[] = [
  ...(["onBatchBegin", "onBatchEnd", "onEpochBegin", "onEpochEnd", "onTrainBegin", "onTrainEnd"] as const),
];

/** Calls functions. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class LambdaCallback extends KerasCallback {
  constructor(options: LambdaOptions) {
    super();
    checkKnown("lambda", options, hooks);
    const { onTrainBegin, onTrainEnd, onEpochBegin, onEpochEnd, onBatchBegin, onBatchEnd } = options;
    type Hook = (number: number, logs: Logs) => void | Promise<void>;
    const counted = (hook: Hook) => async (number: number, logs?: RawLogs) =>
      hook(number, await readLogs(logs));
    if (onTrainBegin) this.onTrainBegin = async (logs) => onTrainBegin(await readLogs(logs));
    if (onTrainEnd) this.onTrainEnd = async (logs) => onTrainEnd(await readLogs(logs));
    if (onEpochBegin) this.onEpochBegin = counted(onEpochBegin);
    if (onEpochEnd) this.onEpochEnd = counted(onEpochEnd);
    if (onBatchBegin) this.onBatchBegin = counted(onBatchBegin);
    if (onBatchEnd) this.onBatchEnd = counted(onBatchEnd);
  }
}

/**
 * A callback of functions, as Keras' `LambdaCallback`: they get the epoch's or batch's number (from 0) and the logs as
 * numbers under Keras' names.
 *
 * ```ts
 * const print = callbacks.lambda({ onEpochEnd: (epoch, logs) => console.log(epoch, logs?.loss) });
 * await fit(model, train, { epochs: 30, callbacks: [print] });
 * ```
 */
export function lambda(options: LambdaOptions): LambdaCallback {
  return new LambdaCallback(options);
}
