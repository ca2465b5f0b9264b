import type { ChartSpecification } from "../render/chart.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { axisStyle, chartColors } from "./chartStyle.ts";
import type { CurvesData } from "./curves.ts";
import { learningRateMetric, type Curve } from "./runs.ts";

/** The colours of the two curves of a training, also where it is drawn while it runs. */
export const curveColors = { training: chartColors.first, validation: chartColors.second };
/** The other colours of Okabe and Ito for several trainings, those first that differ most. */
const runColors = ["#3d85c6", "#e6762a", "#009e73", "#cc79a7", "#b8a100", "#56b4e9", "#8c564b", "#7f7f7f"];
/** In the legend a line stands for a line. */
const strokes = { symbolType: "stroke", symbolSize: 350 };
const dashes = { training: [5, 3], validation: [1, 0] };
const shapes = { training: "circle", validation: "square" };
const { alarm, quiet } = chartColors;

const panel = { width: 340, height: 220 };
const panelsInRow = 2;
/** Longer curves are drawn without a point at each epoch; where there are several trainings sooner. */
const pointsUpTo = { one: 40, several: 12 };
/** How many epochs are named below a panel at most. */
const mostTicks = 8;

/** The chart of a training in Vega-Lite 5: no colour of page or text, since front ends choose these by their theme. */
export function curvesChart(data: CurvesData, title: string): ChartSpecification {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: { text: title, anchor: "start", fontSize: 15, offset: 12 },
    columns: panelsInRow,
    spacing: 28,
    concat: metricsInOrder(data).map((metric) => metricPanel(metric, data)),
    config: {
      view: { stroke: null },
      axis: axisStyle,
      legend: {
        labelFontSize: 12,
        title: null,
        orient: "top",
        direction: "horizontal",
        symbolStrokeWidth: 2.5,
        symbolOpacity: 1,
      },
    },
  };
}

/** Accuracies come first, the learning rate last. */
const rank = (metric: string): number => (metric === learningRateMetric ? 2 : metric.includes("acc") ? 0 : 1);

/** The metrics in the order of their panels. */
export function metricsInOrder({ curves }: CurvesData): string[] {
  return [...new Set(curves.map(({ metric }) => metric))].sort((a, b) => rank(a) - rank(b));
}

/** The axis of a metric: a logarithmic one shows small losses, not accuracies near 1. */
export function scaleOf(metric: string, { curves, scale }: CurvesData): "linear" | "log" {
  if (metric === learningRateMetric)
    return spansDecades(curves.filter((curve) => curve.metric === metric)) ? "log" : "linear";
  return isToGrow(metric) ? "linear" : scale;
}

/** What a panel is drawn from: its curves, whether its axis is logarithmic, and how the curves are told apart. */
interface Panel {
  metric: string;
  own: readonly Curve[];
  isLog: boolean;
  data: CurvesData;
}

/** A value as the chart takes it: null where there is nothing to draw. */
interface Point {
  epoch: number;
  subset: string;
  run: string;
  value: number | null;
  smoothed?: number | null;
}

function metricPanel(metric: string, data: CurvesData): object {
  const own = data.curves.filter((curve) => curve.metric === metric);
  const isLog = scaleOf(metric, data) === "log";
  const panelOf: Panel = { metric, own, isLog, data };
  const shown = (value: number): number | null =>
    Number.isFinite(value) && (!isLog || value > 0) ? value : null;
  const values = own.flatMap(({ run, subset, values: numbers, smoothed }) =>
    numbers.map((value, i): Point => {
      const point = { epoch: i + 1, run, subset, value: shown(value) };
      return smoothed === undefined ? point : { ...point, smoothed: shown(smoothed[i]!) };
    }),
  );
  return {
    ...panel,
    data: { values },
    encoding: { x: epochAxis(data.epochs) },
    layer: [
      ...(metric === learningRateMetric ? [] : bestLine(data)),
      ...curveLayers(panelOf),
      ...(metric === learningRateMetric ? [] : bestMark(panelOf)),
      ...missingLayers(values, isLog),
    ],
  };
}

const isToGrow = (metric: string): boolean => /acc|auc|^fmeasure|precision|recall|r2|iou/i.test(metric);

function spansDecades(curves: readonly Curve[]): boolean {
  const values = curves.flatMap((curve) => curve.values).filter(Number.isFinite);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least > 0 && most / least >= 10;
}

function epochAxis(epochs: number): object {
  // A tick at each of a few epochs: Vega's own ticks fall between them (1, 1.5, 2), whatever its tickMinStep says.
  const last = Math.max(epochs, 2);
  const ticks =
    last <= mostTicks ? { values: Array.from({ length: last }, (_, i) => i + 1) } : { tickCount: mostTicks };
  return {
    field: "epoch",
    type: "quantitative",
    title: "epoch",
    scale: { domain: [1, last], nice: false },
    axis: { ...ticks, format: "d", grid: false },
  };
}

/** The curves; where they are smoothed the values faint and the average bold. */
function curveLayers(panelOf: Panel): object[] {
  const { metric, own, data } = panelOf;
  const line = {
    type: "line",
    strokeWidth: 2,
    ...(metric === learningRateMetric && { interpolate: "step-after" }),
  };
  const isSmooth = own.some(({ smoothed }) => smoothed !== undefined);
  if (!isSmooth) {
    return [curveLayer("value", { ...line, ...(hasPoints(data) && { point: { size: 24 } }) }, panelOf)];
  }
  return [
    curveLayer("value", { ...line, strokeWidth: 1, opacity: 0.35 }, panelOf),
    curveLayer("smoothed", { ...line, strokeWidth: 2.5 }, panelOf),
  ];
}

const hasPoints = ({ epochs, runs }: CurvesData): boolean =>
  epochs <= (runs.length > 1 ? pointsUpTo.several : pointsUpTo.one);

function curveLayer(field: "value" | "smoothed", mark: object, panelOf: Panel): object {
  const { metric, isLog, data } = panelOf;
  return {
    mark,
    encoding: {
      y: {
        field,
        type: "quantitative",
        scale: isLog ? { type: "log" } : { zero: false },
        // The name stands above the axis, at the same height in all panels, whatever the numbers are.
        axis: {
          title: metric.replaceAll("_", " "),
          titleAngle: 0,
          titleAlign: "left",
          titleX: 0,
          titleY: -14,
          titleFontSize: 13,
          titleFontWeight: "bold",
          ...((isLog || data.epochs === 1) && { format: "~g" }),
          ...(isLog && { tickCount: 6 }),
        },
      },
      ...lineStyles(data, "point" in mark),
      tooltip: [
        ...(data.runs.length > 1 ? [{ field: "run", title: "training" }] : []),
        { field: "subset", title: "curve" },
        { field: "epoch" },
        { field: "value", format: isLog ? ".3~g" : ".4f" },
      ],
    },
  };
}

/** One training: a colour for each subset. Several: a colour for each, and its own values dashed. */
function lineStyles({ curves, runs }: CurvesData, withPoints: boolean): object {
  // Those of all panels, which share their legend.
  const subsets = (["training", "validation"] as const).filter((name) =>
    curves.some(({ subset }) => subset === name),
  );
  if (runs.length === 1) {
    return {
      color: {
        field: "subset",
        type: "nominal",
        scale: { domain: subsets, range: subsets.map((name) => curveColors[name]) },
      },
      // A shape brings points with it.
      ...(withPoints && {
        shape: {
          field: "subset",
          type: "nominal",
          scale: { domain: subsets, range: subsets.map((name) => shapes[name]) },
        },
      }),
    };
  }
  const isMixed = subsets.length > 1;
  return {
    color: {
      field: "run",
      type: "nominal",
      scale: { domain: runs, range: runs.map((_, i) => runColors[i % runColors.length]!) },
      legend: { ...strokes, labelLimit: 0, columns: 3 },
    },
    ...(isMixed && {
      strokeDash: {
        field: "subset",
        type: "nominal",
        scale: { domain: subsets, range: subsets.map((name) => dashes[name]) },
        legend: { ...strokes, symbolStrokeColor: quiet },
      },
    }),
  };
}

/** A dashed line at the best epoch, in every panel; of several trainings only the best one has it. */
function bestLine({ best }: CurvesData): object[] {
  if (best === undefined) return [];
  const mark = { type: "rule", strokeDash: [4, 4], color: quiet, strokeWidth: 1.2 };
  return [{ data: { values: [{ epoch: best.epoch }] }, mark }];
}

/** A ring around the value at the best epoch of each training and, where the metric is the monitored one, "best 12: 0.878". */
function bestMark({ own, isLog, data }: Panel): object[] {
  const { best, bestOfRuns, runs } = data;
  return bestOfRuns.flatMap(({ run, monitor, epoch }) => {
    const curves = own.filter((curve) => curve.run === run);
    const monitored = curves.find(({ name }) => name === monitor);
    const chosen = monitored ?? curves.find(({ subset }) => subset === "validation") ?? curves[0];
    const value = chosen?.values[epoch - 1] ?? NaN;
    if (chosen === undefined || !Number.isFinite(value) || (isLog && value <= 0)) return [];
    const color =
      runs.length === 1 ? curveColors[chosen.subset] : runColors[runs.indexOf(run) % runColors.length]!;
    const values = { values: [{ epoch, value }] };
    const ring = {
      data: values,
      mark: { type: "point", size: 120, strokeWidth: 2, filled: false, color },
      encoding: { y: { field: "value", type: "quantitative" } },
    };
    const isBest = epoch === best?.epoch && (best.run ?? "") === run;
    if (!isBest) return [ring];
    const label = {
      data: values,
      mark: {
        type: "text",
        text: `${monitored ? "best" : "epoch"} ${String(epoch)}: ${formatNumber(value)}`,
        // Beside the name of the metric, where no curve runs.
        y: -12,
        align: "right",
        fontSize: 12,
        fontWeight: monitored ? "bold" : "normal",
        color: monitored ? color : quiet,
      },
      encoding: { x: { value: panel.width } },
    };
    return [ring, label];
  });
}

/** A cross at the foot of the panel for each epoch without a number. */
function missingLayers(values: readonly Point[], isLog: boolean): object[] {
  const missing = values.filter(({ value }) => value === null);
  if (missing.length === 0) return [];
  return [
    {
      data: { values: missing },
      mark: { type: "text", text: "×", y: "height", dy: -6, fontSize: 14, fontWeight: "bold", color: alarm },
    },
    {
      data: { values: missing.slice(0, 1) },
      mark: {
        type: "text",
        text: isLog ? "not a number above 0" : "not a number",
        y: "height",
        dy: -20,
        align: "left",
        fontSize: 11,
        color: alarm,
      },
    },
  ];
}
