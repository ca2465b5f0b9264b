import type { ChartSpecification } from "../render/chart.ts";
import { formatNumber } from "../render/formatNumber.ts";
import type { Curve, CurvesData } from "./curves.ts";

/** Blue and vermilion of Okabe and Ito: told apart with every kind of colour vision, on light and on dark pages. */
const colors = { training: "#3d85c6", validation: "#e6762a" };
const shapes = { training: "circle", validation: "square" };
const alarm = "#d62728";
const quiet = "#8a8f98";

const panel = { width: 340, height: 220 };
const panelsInRow = 2;
/** Longer curves are drawn without a point at each epoch. */
const pointsUpTo = 40;
/** How many epochs are named below a panel at most. */
const mostTicks = 8;

/** The chart of a training in Vega-Lite 5: no colour of page or text, since front ends choose these by their theme. */
export function curvesChart(data: CurvesData, title: string): ChartSpecification {
  const metrics = [...new Set(data.curves.map(({ metric }) => metric))].sort(accuracyFirst);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: { text: title, anchor: "start", fontSize: 15, offset: 12 },
    columns: panelsInRow,
    spacing: 28,
    concat: metrics.map((metric) => metricPanel(metric, data)),
    config: {
      view: { stroke: null },
      axis: {
        labelFontSize: 11,
        titleFontSize: 12,
        titleFontWeight: "normal",
        titlePadding: 8,
        gridOpacity: 0.4,
      },
      legend: {
        labelFontSize: 12,
        title: null,
        orient: "top",
        direction: "horizontal",
        symbolStrokeWidth: 2.5,
      },
    },
  };
}

const accuracyFirst = (a: string, b: string): number => Number(b.includes("acc")) - Number(a.includes("acc"));

function metricPanel(metric: string, data: CurvesData): object {
  const own = data.curves.filter((curve) => curve.metric === metric);
  const values = own.flatMap(({ subset, values: numbers }) =>
    numbers.map((value, i) => ({ epoch: i + 1, subset, value: Number.isFinite(value) ? value : null })),
  );
  return {
    ...panel,
    data: { values },
    encoding: { x: epochAxis(data.epochs) },
    layer: [
      ...bestLine(data),
      curveLayer(metric, own, data.epochs),
      ...bestMark(own, data),
      ...missingLayers(values),
    ],
  };
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

function curveLayer(metric: string, own: readonly Curve[], epochs: number): object {
  const subsets = (["training", "validation"] as const).filter((name) =>
    own.some(({ subset }) => subset === name),
  );
  return {
    mark: { type: "line", strokeWidth: 2, ...(epochs <= pointsUpTo && { point: { size: 24 } }) },
    encoding: {
      y: {
        field: "value",
        type: "quantitative",
        scale: { zero: false },
        // The name stands above the axis, at the same height in all panels, whatever the numbers are.
        axis: {
          title: metric.replaceAll("_", " "),
          titleAngle: 0,
          titleAlign: "left",
          titleX: 0,
          titleY: -14,
          titleFontSize: 13,
          titleFontWeight: "bold",
          ...(epochs === 1 && { format: "~g" }),
        },
      },
      color: {
        field: "subset",
        type: "nominal",
        scale: { domain: subsets, range: subsets.map((name) => colors[name]) },
      },
      shape: {
        field: "subset",
        type: "nominal",
        scale: { domain: subsets, range: subsets.map((name) => shapes[name]) },
      },
      tooltip: [{ field: "subset", title: "curve" }, { field: "epoch" }, { field: "value", format: ".4f" }],
    },
  };
}

/** A dashed line at the best epoch, in every panel. */
function bestLine({ best }: CurvesData): object[] {
  if (best === undefined) return [];
  const mark = { type: "rule", strokeDash: [4, 4], color: quiet, strokeWidth: 1.2 };
  return [{ data: { values: [{ epoch: best.epoch }] }, mark }];
}

/** A ring around the value at the best epoch and, where the metric is the monitored one, "best 12: 0.878". */
function bestMark(own: readonly Curve[], { best, epochs }: CurvesData): object[] {
  if (best === undefined) return [];
  const monitored = own.find(({ name }) => name === best.monitor);
  const { subset, values } = monitored ?? own.find((curve) => curve.subset === "validation") ?? own[0]!;
  const value = values[best.epoch - 1] ?? NaN;
  if (!Number.isFinite(value)) return [];
  const isLate = epochs > 1 && best.epoch > 0.6 * epochs;
  const data = { values: [{ epoch: best.epoch, value }] };
  return [
    {
      data,
      mark: { type: "point", size: 120, strokeWidth: 2, filled: false, color: colors[subset] },
      encoding: { y: { field: "value", type: "quantitative" } },
    },
    {
      data,
      mark: {
        type: "text",
        text: `${monitored ? "best" : "epoch"} ${String(best.epoch)}: ${formatNumber(value)}`,
        align: isLate ? "right" : "left",
        dx: isLate ? -8 : 8,
        y: 4,
        baseline: "middle",
        fontSize: 12,
        fontWeight: monitored ? "bold" : "normal",
        color: monitored ? colors[subset] : quiet,
      },
    },
  ];
}

/** A cross at the foot of the panel for each epoch without a number. */
function missingLayers(values: { epoch: number; value: number | null }[]): object[] {
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
        text: "not a number",
        y: "height",
        dy: -20,
        align: "left",
        fontSize: 11,
        color: alarm,
      },
    },
  ];
}
