import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { checkCount } from "./checkCount.ts";
import { checkKnown } from "./checkKnown.ts";

const who = "fit";

/** The options of `fit`, and the least of those that are counts. */
const counts = {
  ...{ epochs: 1, batchSize: 1, stepsPerEpoch: 1, validationSteps: 1, validationBatchSize: 1 },
  initialEpoch: 0,
};
const others = [
  ...["callbacks", "classWeight", "sampleWeight", "shuffle", "signal", "validationData", "validationFreq"],
  ...["validationSplit", "verbose"],
];

/** Refuses options that there are not, and counts that are none. */
export function checkFitOptions(options: Readonly<Record<string, unknown>>): void {
  checkKnown(who, options, [...Object.keys(counts), ...others]);
  for (const [name, least] of Object.entries(counts)) {
    if (options[name] !== undefined) checkCount(who, name, options[name], least);
  }
  const { validationFreq = 1 } = options;
  for (const every of [validationFreq].flat()) checkCount(who, "validationFreq", every);
}

/** Refuses what nobody can train on, such as the targets as an argument of their own. */
export function checkData(data: unknown, options: unknown): void {
  const isAlone = data instanceof tf.Tensor || ArrayBuffer.isView(data);
  const isSecond = options instanceof tf.Tensor || Array.isArray(options) || ArrayBuffer.isView(options);
  if (!isAlone && !isSecond && ((typeof data === "object" && data !== null) || typeof data === "function"))
    return;
  const found = isAlone || isSecond ? "inputs and targets as arguments" : String(data);
  const fix = "fit(model, { x, y }, options)";
  throw new InputError({ who, expected: "data { x, y } or batches", found, fix });
}

/** Refuses callbacks that would never be called. */
export function checkCallbacks(callbacks: readonly unknown[]): void {
  for (const callback of callbacks) {
    if (typeof callback === "object" && callback !== null) continue;
    const isMaker = typeof callback === "function";
    const found = isMaker ? `the function ${callback.name}` : String(callback);
    const fix = "call it: callbacks.earlyStopping(), or { onEpochEnd(epoch, logs) { … } }";
    throw new InputError({ who, expected: "callbacks that are objects", found, ...(isMaker && { fix }) });
  }
}
