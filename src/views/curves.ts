import { InputError } from "../errors.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { textColumns } from "../render/table.ts";
import { findBestEpoch, type BestEpoch } from "./bestEpoch.ts";
import { curvesChart } from "./curvesChart.ts";
import { learningRateMetric, readRuns, type Curve, type TrainingHistories } from "./runs.ts";
import { createChartView } from "./chartView.ts";
import type { View } from "./view.ts";

const who = "curves";

/** How {@link curves} shows a training. */
export interface CurvesOptions {
  /** By which metric the best epoch is chosen. Default: `val_loss`, or `loss` where nothing was validated. */
  monitor?: string;
  /**
   * How much the past weighs in a moving average that is drawn bold over the faint values: 0 to below 1, as TensorBoard's slider.
   * Default 0: none.
   */
  smoothing?: number;
  /** `"log"`: a logarithmic axis for what is to become small, such as losses. Default `"linear"`. */
  scale?: "linear" | "log";
  /** Default `"Training"`. */
  title?: string;
}

/** The numbers behind the picture of {@link curves}. */
export interface CurvesData {
  epochs: number;
  scale: "linear" | "log";
  /** The trainings by name; of one alone the name is empty. */
  runs: string[];
  curves: Curve[];
  /** The best epoch of all; `run` where there are several trainings. */
  best: (BestEpoch & { run?: string }) | undefined;
  bestOfRuns: (BestEpoch & { run: string })[];
}

/**
 * Draws the course of a training, or of several over one another: a panel for each metric, training and validation together, and
 * the best epoch marked. Epochs at which a metric was NaN are marked as well. A learning rate in the history gets a panel too.
 *
 * ```ts
 * const history = { history: { loss: [0.9, 0.5, 0.4], val_loss: [0.8, 0.6, 0.7] } }; // or what fit returned
 * const view = curves(history);
 * view.data.best; // { monitor: "val_loss", mode: "min", epoch: 2, value: 0.6 }
 * await view.save("curves.svg");
 * ```
 *
 * @param histories what `fit` or `model.fit` returned; or several: `[first, second]`, or by name: `{ adam: first, sgd: second }`
 * @param options see {@link CurvesOptions}; all have defaults
 * @throws InputError when there is nothing to draw, or when the history has no such metric as `monitor`
 */
export function curves(histories: TrainingHistories, options: CurvesOptions = {}): View<CurvesData> {
  const { title = "Training" } = options;
  const data = readCurves(histories, options);
  const specification = curvesChart(data, title);
  const names = [...new Set(data.curves.map(({ name }) => name))].join(", ");
  return createChartView({
    data,
    text: describeCurves(data, title),
    alt: `${title}: ${names} over ${countEpochs(data.epochs)}${describeBest(data)}`,
    chart: specification,
  });
}

/** The numbers that {@link curves} draws. */
export function readCurves(
  histories: TrainingHistories,
  { monitor, smoothing = 0, scale = "linear" }: CurvesOptions,
): CurvesData {
  checkOptions(smoothing, scale);
  const all = readRuns(histories, smoothing, who);
  return {
    epochs: Math.max(...all.map(({ values }) => values.length)),
    scale,
    runs: [...new Set(all.map(({ run }) => run))],
    curves: all,
    ...findBest(all, monitor),
  };
}

function checkOptions(smoothing: number, scale: string): void {
  if (!(smoothing >= 0 && smoothing < 1)) {
    const expected = "smoothing: 0 to below 1, the weight of the past";
    throw new InputError({ who, expected, found: String(smoothing) });
  }
  if (scale !== "linear" && scale !== "log") {
    throw new InputError({ who, expected: 'scale: "linear" or "log"', found: JSON.stringify(scale) });
  }
}

/** The best epoch of each training, and of these the best one. */
function findBest(
  all: readonly Curve[],
  monitor: string | undefined,
): Pick<CurvesData, "best" | "bestOfRuns"> {
  const { name } = findMonitored(all, monitor);
  const same = long(name);
  const bestOfRuns = all
    .filter((curve) => long(curve.name) === same)
    .flatMap(({ run, name: own, values }) => {
      const best = findBestEpoch(own, values);
      return best === undefined ? [] : [{ run, ...best }];
    });
  const [first, ...others] = bestOfRuns;
  if (first === undefined) return { best: undefined, bestOfRuns };
  const isBetter = (a: number, b: number): boolean => (first.mode === "max" ? a > b : a < b);
  const { run, ...best } = others.reduce((a, b) => (isBetter(b.value, a.value) ? b : a), first);
  return { best: run === "" ? best : { ...best, run }, bestOfRuns };
}

/** `acc` and `accuracy` mean the same: TensorFlow.js writes the one, Keras the other. */
const long = (name: string): string => name.replace(/acc$/, "accuracy");

function findMonitored(all: readonly Curve[], monitor: string | undefined): Curve {
  const find = (wanted: string): Curve | undefined => all.find(({ name }) => long(name) === long(wanted));
  const found = monitor === undefined ? (find("val_loss") ?? find("loss") ?? all[0]) : find(monitor);
  if (found !== undefined) return found;
  throw new InputError({
    who,
    expected: "monitor: a metric of the history",
    found: JSON.stringify(monitor),
    fix: `metrics: ${all.map(({ name }) => name).join(", ")}`,
  });
}

const countEpochs = (epochs: number): string => `${String(epochs)} ${epochs === 1 ? "epoch" : "epochs"}`;

function describeBest({ best }: CurvesData): string {
  if (best === undefined) return "";
  const run = best.run === undefined ? "" : ` of ${best.run}`;
  return `; best ${best.monitor} ${formatNumber(best.value)} in epoch ${String(best.epoch)}${run}`;
}

/** A line for each curve: how it began, how it ended, and where it was best. */
function describeCurves(data: CurvesData, title: string): string {
  const rows = data.curves.map(({ run, name, metric, values }) => {
    const own = metric === learningRateMetric ? undefined : findBestEpoch(name, values);
    const nan = values.filter((value) => !Number.isFinite(value)).length;
    return [
      ...(data.runs.length > 1 ? [run] : []),
      name,
      `first ${formatNumber(values[0]!)}`,
      `last ${formatNumber(values.at(-1)!)}`,
      own === undefined ? "" : `best ${String(own.epoch)}: ${formatNumber(own.value)}`,
      nan === 0 ? "" : `not a number in ${String(nan)} of ${String(values.length)} epochs`,
    ];
  });
  return `${title}, ${countEpochs(data.epochs)}${describeBest(data)}\n${textColumns(rows)}`;
}
