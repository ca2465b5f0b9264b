import { InputError } from "../../errors.ts";
import { kerasName } from "../training/logNames.ts";
import { warn } from "./kerasCallback.ts";

export type Mode = "auto" | "min" | "max";

const upward =
  /accuracy|auc|precision|recall|sensitivity|specificity|f1|fbeta|iou|r2_score|cosine_similarity|true_/;
const downward =
  /loss|error|crossentropy|divergence|hinge|poisson|logcosh|false_|^(val_)?(mse|mae|mape|msle|rmse|ce|kld)$/;

function directionOf(who: string, monitor: string, mode: Mode): "min" | "max" {
  if (mode === "min" || mode === "max") return mode;
  if ((mode as string) !== "auto") warn(`${who} mode '${mode}' is unknown, fallback to auto mode.`);
  if (downward.test(monitor)) return "min";
  if (upward.test(monitor)) return "max";
  const fix = 'pass mode: "min" or mode: "max"';
  throw new InputError({ who, expected: "a log whose direction is known", found: monitor, fix });
}

/** Which log a callback watches, and whether a value of it is better than another. */
export interface Monitor {
  /** Keras' name of the log. */
  readonly name: string;
  /** Whether `value` is better than `reference` by more than `minDelta`; everything but NaN is better than undefined. */
  improves(value: number, reference: number | undefined): boolean;
}

/**
 * @param who the callback, for messages
 * @param options `monitor`: the log, in any spelling; `mode`: whether less or more is better, "auto" by the log's name;
 *   `minDelta`: the least change that counts
 * @throws InputError when it is not known whether less or more of this log is better
 */
export function newMonitor(
  who: string,
  { monitor, mode, minDelta = 0 }: { monitor: string; mode: Mode; minDelta?: number },
): Monitor {
  const name = kerasName(monitor);
  const falls = directionOf(who, name, mode) === "min";
  const delta = Math.abs(minDelta);
  const beats = (value: number, reference: number) =>
    falls ? value + delta < reference : value - delta > reference;
  return {
    name,
    improves: (value, reference) =>
      reference === undefined ? !Number.isNaN(value) : beats(value, reference),
  };
}
