import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { KerasCallback } from "../callbacks/kerasCallback.ts";
import type { TrainingCallback } from "./callback.ts";
import type { Logs } from "./logNames.ts";

declare module "@tensorflow/tfjs-layers/dist/engine/training_tensors.js" {
  interface ModelFitArgs {
    /** Stops the training after the batch that is running. Default: the notebook's stop button. */
    signal?: AbortSignal;
  }
}

/** How often the event loop is to have its turn: after batches, epochs or milliseconds, or when it is due. */
type YieldEvery = NonNullable<tf.ModelFitArgs["yieldEvery"]>;

/** The callbacks of a `model.fit`. */
export interface CallbackOptions {
  callbacks?: tf.ModelFitArgs["callbacks"] | undefined;
  yieldEvery?: YieldEvery | undefined;
}

type Config = tf.CustomCallbackArgs;

/** TensorFlow.js's own pause between two turns of the event loop, in milliseconds. */
const autoPause = 125;
const trainHooks = ["onTrainBegin", "onTrainEnd"] as const;
const placedHooks = ["onEpochBegin", "onEpochEnd", "onBatchBegin", "onBatchEnd"] as const;

/** Logs as TensorFlow.js hands them to heirs of its class: as scalars, which they may read or not. */
function toScalars(logs: Logs): Record<string, number | tf.Scalar> {
  const isCount = (name: string) => name === "batch" || name === "size";
  return Object.fromEntries(
    Object.entries(logs).map(([name, value]) => [name, isCount(name) ? value : tf.scalar(value)]),
  );
}

/** An heir of TensorFlow.js's class as our loop calls it. The scalars of a batch live as long as the call, others as the training. */
function withScalars(heir: tf.Callback): TrainingCallback {
  const kept: tf.Tensor[] = [];
  const call = async (logs: Logs, hook: (given: never) => Promise<void>): Promise<tf.Tensor[]> => {
    const given = toScalars(logs);
    const scalars = Object.values(given).filter((value) => value instanceof tf.Tensor);
    await hook(given as never);
    // It may have added to the logs.
    for (const [name, value] of Object.entries(given))
      if (!(name in logs) && typeof value === "number") logs[name] = value;
    return scalars;
  };
  const callback: TrainingCallback = {
    setModel: (model) => heir.setModel(model),
    setParams: (params) => heir.setParams(params as never),
  };
  for (const name of trainHooks) {
    callback[name] = async (logs = {}) => {
      await call(logs, (given) => heir[name](given));
      if (name === "onTrainEnd") tf.dispose(kept.splice(0));
    };
  }
  for (const name of placedHooks) {
    // Every heir has those of the class, which do nothing.

    if (heir[name] === tf.Callback.prototype[name]) continue;
    callback[name] = async (place, logs = {}) => {
      const scalars = await call(logs, (given) => heir[name](place, given));
      if (name.startsWith("onBatch")) tf.dispose(scalars);
      else kept.push(...scalars);
    };
  }
  return callback;
}

/** Calls `onYield` from time to time, with the logs of the batch. */
function newYielder({ onYield }: Config, pause: number): TrainingCallback {
  let [epoch, last] = [0, performance.now()];
  return {
    onEpochBegin(begun) {
      epoch = begun;
    },
    async onBatchEnd(batch, logs = {}) {
      if (performance.now() - last < pause) return;
      last = performance.now();
      await onYield!(epoch, batch, logs);
    },
  };
}

/** The callbacks of a `model.fit` as our loop calls them. */
export function toTrainingCallbacks({
  callbacks = [],
  yieldEvery = "auto",
}: CallbackOptions): TrainingCallback[] {
  const list = [callbacks].flat() as (tf.Callback | Config)[];
  return list.flatMap((callback) => {
    if (callback instanceof tf.Callback)
      return callback instanceof KerasCallback ? callback : withScalars(callback);
    const own = callback as TrainingCallback;
    if (!("onYield" in callback) || callback.onYield === undefined) return own;
    if (yieldEvery === "never") {
      const fix = "leave out one of them";
      throw new InputError({ who: "model.fit", expected: "yieldEvery with onYield", found: '"never"', fix });
    }
    if (typeof yieldEvery !== "number" && yieldEvery !== "auto") return own;
    return [own, newYielder(callback, yieldEvery === "auto" ? autoPause : yieldEvery)];
  });
}

/** How long the event loop is made to wait at most, in milliseconds; undefined for as long as usual. */
export function pauseOf(yieldEvery: YieldEvery | undefined): number | undefined {
  if (yieldEvery === "batch") return 0;
  return typeof yieldEvery === "number" ? Math.min(yieldEvery, 50) : undefined;
}
