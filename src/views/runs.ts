import { InputError } from "../errors.ts";

/** What fit returns, as far as curves need it: the values of each metric, epoch by epoch. */
export interface TrainingHistory {
  history: Record<string, readonly unknown[]>;
}

/** One training, several in a row, or several by name. */
export type TrainingHistories =
  TrainingHistory | readonly TrainingHistory[] | Readonly<Record<string, TrainingHistory>>;

/** One curve: NaN where the metric was not a number. */
export interface Curve {
  /** The training that it is of; empty where there is only one. */
  run: string;
  /** As in the history: `accuracy`, `val_accuracy` … */
  name: string;
  /** Without `val_`, and `acc` spelt out: curves of one metric are drawn into one panel. */
  metric: string;
  subset: "training" | "validation";
  values: number[];
  /** The values smoothed, where that was asked for. */
  smoothed?: number[];
}

/** The metric of the panel in which the learning rate is drawn. */
export const learningRateMetric = "learning rate";

/** The curves of some trainings, those of one after those of the other. */
export function readRuns(histories: TrainingHistories, smoothing: number, who: string): Curve[] {
  const all = toRuns(histories, who).flatMap(([run, { history }]) =>
    Object.keys(history)
      .filter((name) => Array.isArray(history[name]) && history[name].length > 0)
      .map((name) => toCurve(run, name, history[name]!, smoothing)),
  );
  if (all.length > 0) return all;
  throw new InputError({
    who,
    expected: "the history of a training, { history: { loss: […] } }",
    found: "no epoch",
    fix: "give it what fit returned",
  });
}

function toRuns(histories: TrainingHistories, who: string): [string, TrainingHistory][] {
  if (isHistory(histories)) return [["", histories]];
  const isList = Array.isArray(histories);
  const runs = Object.entries((histories as Record<string, TrainingHistory> | undefined) ?? {});
  const wrong = runs.find(([, history]) => !isHistory(history));
  if (wrong !== undefined || runs.length === 0) {
    throw new InputError({
      who,
      expected: "the history of a training, or several: [first, second] or { name: history }",
      found: wrong === undefined ? "no epoch" : `${JSON.stringify(wrong[0])}: ${typeof wrong[1]}`,
      fix: "give it what fit returned",
    });
  }
  const named = runs.map(([key, history], i): [string, TrainingHistory] => [
    isList ? `run ${String(i + 1)}` : key,
    history,
  ]);
  return named.length === 1 && isList ? [["", named[0]![1]]] : named;
}

function isHistory(value: unknown): value is TrainingHistory {
  const { history } = (value as { history?: unknown } | undefined) ?? {};
  return typeof history === "object" && history !== null && !isHistory(history);
}

function toCurve(run: string, name: string, values: readonly unknown[], smoothing: number): Curve {
  const plain = name.replace(/^val_/, "");
  const numbers = values.map((value) => (typeof value === "number" ? value : NaN));
  const isRate = /^(lr|learning_?rate)$/i.test(plain);
  return {
    run,
    name,
    metric: isRate ? learningRateMetric : plain === "acc" ? "accuracy" : plain,
    subset: plain === name ? "training" : "validation",
    values: numbers,
    ...(smoothing > 0 && !isRate && { smoothed: smooth(numbers, smoothing) }),
  };
}

/**
 * The exponential moving average, in which the past weighs `weight` (0 to 1), as TensorBoard draws it: what the average begins with
 * is not taken for zero. Where there is no number there is none here either, and the average goes on after it.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let average = 0;
  let count = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return NaN;
    average = weight * average + (1 - weight) * value;
    count++;
    return average / (1 - weight ** count);
  });
}
