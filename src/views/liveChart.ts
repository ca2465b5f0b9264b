import { pageColors } from "../render/pageColors.ts";
import { drawingToSvg, polyline, quietInk, rectangle, type Mark } from "../render/drawing.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { logTicks, niceTicks } from "../render/ticks.ts";
import type { CurvesData } from "./curves.ts";
import { curveColors, metricsInOrder, scaleOf } from "./curvesChart.ts";
import { learningRateMetric, type Curve } from "./runs.ts";

const panel = { width: 300, height: 150, left: 54, top: 30, right: 14, bottom: 26 };
const outer = {
  width: panel.left + panel.width + panel.right,
  height: panel.top + panel.height + panel.bottom,
};
const head = 44;
const panelsInRow = 2;
const { edge: grid } = pageColors;
const alarm = "#d62728";

/** What a training in progress shows besides its curves. */
export interface Progress {
  title: string;
  /** "epoch 3 of 30 …" */
  line: string;
  /** 0 to 1. */
  done: number;
}

/**
 * The curves of a training in progress as HTML with the SVG inside: front ends put it in place at once, without a gap in which the page
 * would jump, which a chart that they draw themselves or a picture that they load would leave.
 */
export function liveChart(data: CurvesData | undefined, { title, line, done }: Progress): string {
  const metrics = data === undefined ? [] : metricsInOrder(data);
  const columns = Math.min(panelsInRow, Math.max(metrics.length, 1));
  const width = columns * outer.width;
  const height = head + Math.ceil(metrics.length / columns) * outer.height;
  const marks: Mark[] = [
    { text: title, x: 12, y: 18, size: 14, bold: true },
    { text: line, x: 12, y: 36, fill: quietInk },
    { d: rectangle(0, head - 3, width, 3), fill: "#eaeef2" },
    { d: rectangle(0, head - 3, width * done, 3), fill: curveColors.training },
  ];
  metrics.forEach((metric, i) => {
    const x = (i % columns) * outer.width;
    const y = head + Math.floor(i / columns) * outer.height;
    marks.push(...panelMarks(data!, metric, x + panel.left, y + panel.top));
  });
  const svg = drawingToSvg({ width, height, title: `${title}: ${line}`, marks });
  return `<div>${svg}</div>`;
}

/** A bundle of a moment of a training: the same kinds each time, so that front ends replace one by the other. */
export function liveBundle(data: CurvesData | undefined, progress: Progress): Record<string, string> {
  return {
    "text/html": liveChart(data, progress),
    "text/plain": `${progress.title}: ${progress.line}`,
  };
}

function panelMarks(data: CurvesData, metric: string, left: number, top: number): Mark[] {
  const own = data.curves.filter((curve) => curve.metric === metric);
  const isLog = scaleOf(metric, data) === "log";
  const [low, high] = range(own, isLog);
  const last = Math.max(data.epochs, 2);
  const toX = (epoch: number): number => left + ((epoch - 1) / (last - 1)) * panel.width;
  const along = (value: number): number =>
    isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const toY = (value: number): number => top + panel.height * (1 - along(value));
  const bottom = top + panel.height;

  const marks: Mark[] = [{ text: metric.replaceAll("_", " "), x: left, y: top - 10, bold: true }];
  for (const tick of isLog ? logTicks(low, high) : niceTicks(low, high, 5)) {
    marks.push({ d: `M${left} ${toY(tick).toFixed(1)}h${panel.width}`, stroke: grid, opacity: 0.6 });
    const text = formatNumber(tick);
    marks.push({ text, x: left - 6, y: toY(tick) + 4, size: 10, anchor: "end", fill: quietInk });
  }
  for (const tick of niceTicks(1, last, 6).filter(Number.isInteger)) {
    marks.push({
      text: String(tick),
      x: toX(tick),
      y: bottom + 15,
      size: 10,
      anchor: "middle",
      fill: quietInk,
    });
  }
  marks.push({ d: `M${left} ${bottom}h${panel.width}`, stroke: quietInk });
  if (data.best !== undefined && metric !== learningRateMetric) {
    const at = toX(data.best.epoch).toFixed(1);
    marks.push({ d: `M${at} ${top}v${panel.height}`, stroke: quietInk, dash: [4, 4] });
  }
  for (const curve of own) marks.push(...curveMarks(curve, toX, toY, isLog, bottom));
  const ends = own.map(({ subset, values }) => ({ subset, value: values.at(-1)! }));
  ends.forEach(({ subset, value }, i) => {
    const x = left + panel.width - (ends.length - 1 - i) * 84;
    marks.push({
      text: formatNumber(value),
      x,
      y: top - 10,
      anchor: "end",
      fill: curveColors[subset],
      bold: true,
    });
  });
  return marks;
}

function curveMarks(
  { subset, values, smoothed }: Curve,
  toX: (epoch: number) => number,
  toY: (value: number) => number,
  isLog: boolean,
  bottom: number,
): Mark[] {
  const stroke = curveColors[subset];
  const isShown = (value: number): boolean => Number.isFinite(value) && (!isLog || value > 0);
  const path = (numbers: readonly number[]): string =>
    thin(numbers, isShown)
      .map((part) => polyline(part.map(([i, value]) => [toX(i + 1), toY(value)])))
      .join("");
  const dot = ([i, value]: readonly [number, number]): string => {
    const [x, y] = [toX(i + 1).toFixed(1), toY(value).toFixed(1)];
    return `M${x} ${y}m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0`;
  };
  const alone = thin(values, isShown).filter((part) => part.length === 1);
  const missing = [...values.keys()].filter((i) => !isShown(values[i]!));
  return [
    { d: path(values), stroke, strokeWidth: smoothed ? 1 : 2, opacity: smoothed ? 0.35 : 1 },
    ...(smoothed ? [{ d: path(smoothed), stroke, strokeWidth: 2.5 }] : []),
    ...(alone.length > 0 ? [{ d: alone.map(([one]) => dot(one!)).join(""), fill: stroke }] : []),
    ...missing.slice(-mostCrosses).map((i) => ({
      text: "×",
      x: toX(i + 1),
      y: bottom - 4,
      bold: true,
      anchor: "middle" as const,
      fill: alarm,
    })),
  ];
}

/** So many least and largest numbers of a curve are drawn at most. */
const mostPoints = 120;
/** Crosses for what is not a number; a training that has gone wrong has thousands. */
const mostCrosses = 60;

/**
 * The stretches of numbers between what cannot be shown. Where there are more than fit side by side, only the least and the largest of
 * neighbours are kept, which is what the eye would see of them.
 */
function thin(values: readonly number[], isShown: (value: number) => boolean): [number, number][][] {
  const parts: [number, number][][] = [];
  let open: [number, number][] | undefined;
  const bucket = Math.ceil(values.length / mostPoints);
  for (let start = 0; start < values.length; start += bucket) {
    const end = Math.min(start + bucket, values.length);
    let [least, most] = [start, start];
    let hidden = false;
    for (let i = start; i < end; i++) {
      if (!isShown(values[i]!)) hidden = true;
      else if (values[i]! > values[most]! || !isShown(values[most]!)) most = i;
      else if (values[i]! < values[least]! || !isShown(values[least]!)) least = i;
    }
    if (hidden) open = undefined;
    for (const i of new Set([Math.min(least, most), Math.max(least, most)])) {
      if (!isShown(values[i]!)) continue;
      if (open === undefined) parts.push((open = []));
      open.push([i, values[i]!]);
    }
    if (hidden) open = undefined;
  }
  return parts;
}

/** From the least to the largest with some room, and never nothing. */
function range(curves: readonly Curve[], isLog: boolean): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const { values } of curves) {
    for (const value of values) {
      if (!Number.isFinite(value) || (isLog && value <= 0)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  if (least > most) return isLog ? [0.1, 1] : [0, 1];
  if (isLog) return [least / 1.2, most * 1.2];
  const room = most > least ? 0.05 * (most - least) : Math.max(Math.abs(most) * 0.1, 1e-6);
  return [least - room, most + room];
}
