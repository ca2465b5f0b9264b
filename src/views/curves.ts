import { InputError } from "../errors.ts";
import { chartToPng, chartToSvg } from "../render/chart.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { textColumns } from "../render/table.ts";
import { findBestEpoch, type BestEpoch } from "./bestEpoch.ts";
import { curvesChart } from "./curvesChart.ts";
import { createView, type View } from "./view.ts";

/** What fit returns, as far as curves need it: the values of each metric, epoch by epoch. */
export interface TrainingHistory {
  history: Record<string, readonly unknown[]>;
}

/** How {@link curves} shows a training. */
export interface CurvesOptions {
  /** By which metric the best epoch is chosen. Default: `val_loss`, or `loss` where nothing was validated. */
  monitor?: string;
  /** Default `"Training"`. */
  title?: string;
}

/** One curve: NaN where the metric was not a number. */
export interface Curve {
  /** As in the history: `accuracy`, `val_accuracy` … */
  name: string;
  /** Without `val_`, and `acc` spelt out: curves of one metric are drawn into one panel. */
  metric: string;
  subset: "training" | "validation";
  values: number[];
}

/** The numbers behind the picture of {@link curves}. */
export interface CurvesData {
  epochs: number;
  curves: Curve[];
  best: BestEpoch | undefined;
}

/**
 * Draws the course of a training: a panel for each metric, training and validation together, and the best epoch marked. Epochs at
 * which a metric was NaN are marked as well.
 *
 * ```ts
 * const history = { history: { loss: [0.9, 0.5, 0.4], val_loss: [0.8, 0.6, 0.7] } }; // or what fit returned
 * const view = curves(history);
 * view.data.best; // { monitor: "val_loss", mode: "min", epoch: 2, value: 0.6 }
 * await view.save("curves.svg");
 * ```
 *
 * @param history what `fit` or `model.fit` returned
 * @throws InputError when there is nothing to draw, or when the history has no such metric as `monitor`
 */
export function curves(
  { history }: TrainingHistory,
  { monitor, title = "Training" }: CurvesOptions = {},
): View<CurvesData> {
  const names = Object.keys(history ?? {}).filter((name) => history[name]!.length > 0);
  if (names.length === 0) {
    throw new InputError({
      who: "curves",
      expected: "the history of a training, { history: { loss: […] } }",
      found: "no epoch",
      fix: "give it what fit returned",
    });
  }
  const all = names.map((name) => toCurve(name, history[name]!));
  const monitored = findMonitored(all, monitor);
  const best = findBestEpoch(monitored.name, monitored.values);
  const data = { epochs: Math.max(...all.map(({ values }) => values.length)), curves: all, best };
  const specification = curvesChart(data, title);
  return createView({
    data,
    text: describeCurves(data, title),
    alt: `${title}: ${all.map(({ name }) => name).join(", ")} over ${countEpochs(data.epochs)}${describeBest(best)}`,
    vegaLite: specification,
    png: () => chartToPng(specification),
    svg: () => chartToSvg(specification),
  });
}

function toCurve(name: string, values: readonly unknown[]): Curve {
  const plain = name.replace(/^val_/, "");
  return {
    name,
    metric: plain === "acc" ? "accuracy" : plain,
    subset: plain === name ? "training" : "validation",
    values: values.map((value) => (typeof value === "number" ? value : NaN)),
  };
}

/** `acc` and `accuracy` mean the same: TensorFlow.js writes the one, Keras the other. */
function findMonitored(all: readonly Curve[], monitor: string | undefined): Curve {
  const long = (name: string): string => name.replace(/acc$/, "accuracy");
  const find = (wanted: string): Curve | undefined => all.find(({ name }) => long(name) === long(wanted));
  const found = monitor === undefined ? (find("val_loss") ?? find("loss") ?? all[0]) : find(monitor);
  if (found !== undefined) return found;
  throw new InputError({
    who: "curves",
    expected: "monitor: a metric of the history",
    found: JSON.stringify(monitor),
    fix: `metrics: ${all.map(({ name }) => name).join(", ")}`,
  });
}

const countEpochs = (epochs: number): string => `${String(epochs)} ${epochs === 1 ? "epoch" : "epochs"}`;

function describeBest(best: BestEpoch | undefined): string {
  return best === undefined
    ? ""
    : `; best ${best.monitor} ${formatNumber(best.value)} in epoch ${String(best.epoch)}`;
}

/** A line for each curve: how it began, how it ended, and where it was best. */
function describeCurves({ epochs, curves: all, best }: CurvesData, title: string): string {
  const rows = all.map(({ name, values }) => {
    const own = findBestEpoch(name, values);
    const nan = values.filter((value) => !Number.isFinite(value)).length;
    return [
      name,
      `first ${formatNumber(values[0]!)}`,
      `last ${formatNumber(values.at(-1)!)}`,
      own === undefined ? "" : `best ${String(own.epoch)}: ${formatNumber(own.value)}`,
      nan === 0 ? "" : `not a number in ${String(nan)} of ${String(values.length)} epochs`,
    ];
  });
  return `${title}, ${countEpochs(epochs)}${describeBest(best)}\n${textColumns(rows)}`;
}
