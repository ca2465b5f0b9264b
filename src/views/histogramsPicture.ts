import type { Histogram } from "../inspect/histogram.ts";
import { polyline, quietInk, tenth, type Drawing, type Mark } from "../render/drawing.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { wrapText } from "../render/wrapText.ts";
import { chartColors } from "./chartStyle.ts";
import type { HistogramsData, NamedSeries } from "./histograms.ts";
import { percent } from "./summaryColumns.ts";

const margin = 16;
const head = 52;
const letterWidth = 6.6;
const smallLetterWidth = 5.6;
const leastWidth = 230;
const bodyHeight = 84;
const ridgeStep = 16;
const ridgeHeight = 44;
/** Of a name in one line and the numbers below it. */
const labelHeight = 34;
const nameLine = 13;
/** Longer names go on in another line. */
const mostLetters = 34;
const axisHeight = 22;
const gap = 22;
const { first: fill, alarm } = chartColors;

/** Draws a panel for each tensor: bars for one moment, ridges one below the other for several. */
export function drawHistograms(
  { series, scale }: HistogramsData,
  { title, meaning, perRow }: { title: string; meaning: string; perRow: number },
): Drawing {
  const labels = series.map(({ name, moments }) => ({
    names: wrapText(name, mostLetters, (part) => part.length),
    numbers: describeMoments(moments),
  }));
  const longest = Math.max(...labels.flatMap(({ names }) => names.map(({ length }) => length)));
  const below = Math.max(...labels.map(({ numbers }) => numbers.length));
  const width = Math.max(leastWidth, longest * letterWidth * 1.1, below * smallLetterWidth);
  const above = labelHeight + nameLine * (Math.max(...labels.map(({ names }) => names.length)) - 1);
  const ridges = Math.max(...series.map(({ moments }) => moments.length));
  const body = ridges === 1 ? bodyHeight : ridgeHeight + ridgeStep * ridges;
  const step = { x: width + gap + (ridges > 1 ? 26 : 0), y: above + body + axisHeight + gap };
  const columns = Math.min(perRow, series.length);
  const marks = series.flatMap((one, i) =>
    panelMarks(one, labels[i]!, scale, {
      left: margin + (i % columns) * step.x,
      top: head + Math.floor(i / columns) * step.y,
      width,
      above,
      body,
    }),
  );
  const wide = Math.max(columns * step.x - gap, title.length * 10, meaning.length * 7);
  return {
    width: Math.ceil(2 * margin + wide),
    height: Math.ceil(head + Math.ceil(series.length / columns) * step.y + margin - gap),
    title,
    marks: [
      { text: title, x: margin, y: 24, size: 15, bold: true },
      { text: meaning, x: margin, y: 42, size: 11, fill: quietInk },
      ...marks,
    ],
  };
}

interface Place {
  left: number;
  top: number;
  width: number;
  /** The height of the labels. */
  above: number;
  body: number;
}

/** The numbers of the latest moment and, where bars are drawn, what share the highest of them stands for. */
function describeMoments(moments: NamedSeries["moments"]): string {
  const { histogram } = moments.at(-1)!;
  const numbers = statistics(histogram);
  if (moments.length > 1 || histogram.counts.length === 0) return numbers;
  return `${numbers} · highest bar ${percent(Math.max(...histogram.counts) / histogram.size)}`;
}

function panelMarks(
  { moments }: NamedSeries,
  { names, numbers }: { names: readonly string[]; numbers: string },
  scale: "linear" | "log",
  { left, top, width, above, body }: Place,
): Mark[] {
  const last = moments.at(-1)!.histogram;
  const low = Math.min(...moments.map(({ histogram }) => histogram.min));
  const high = Math.max(...moments.map(({ histogram }) => histogram.max));
  const span = high > low ? high - low : 1;
  const start = high > low ? low : low - 0.5;
  const toX = (value: number): number => left + ((value - start) / span) * width;
  const bottom = top + above + body;
  const broken = last.nan + last.infinite;
  const marks: Mark[] = [
    ...names.map((text, i) => ({ text, x: left, y: top + 12 + i * nameLine, size: 11, bold: true })),
    { text: numbers, x: left, y: top + above - 8, size: 9.5, fill: broken > 0 ? alarm : quietInk },
  ];
  const level = (value: number, most: number): number =>
    scale === "log" ? Math.log1p(value * logSteepness) / Math.log1p(most * logSteepness) : value / most;
  const isRidge = moments.length > 1;
  const height = isRidge ? ridgeHeight : body;
  moments.forEach(({ epoch, histogram }, i) => {
    const base = isRidge ? bottom - (moments.length - 1 - i) * ridgeStep : bottom;
    // Each epoch by itself: numbers that begin in one place would leave nothing to see of the others.
    const most = density(histogram, span);
    const outline = steps(
      histogram,
      toX,
      (value) => base - height * (most > 0 ? level(value, most) : 0),
      base,
      span,
    );
    const shade = isRidge ? 0.35 + (0.5 * i) / Math.max(moments.length - 1, 1) : 0.8;
    marks.push({ d: outline, fill: "white", opacity: isRidge ? 0.6 : 0 });
    marks.push({ d: outline, fill, opacity: shade });
    if (isRidge) {
      marks.push({ d: outline, stroke: "white", strokeWidth: 0.8 });
      marks.push({ text: String(epoch), x: left + width + 4, y: base, size: 9, fill: quietInk });
    }
  });
  marks.push({ d: `M${tenth(left)} ${tenth(bottom)}h${tenth(width)}`, stroke: quietInk });
  if (low < 0 && high > 0) {
    marks.push({
      d: `M${tenth(toX(0))} ${tenth(top + above)}V${tenth(bottom)}`,
      stroke: quietInk,
      dash: [2, 3],
    });
    const middle = toX(0);
    if (middle > left + 34 && middle < left + width - 34) {
      marks.push({ text: "0", x: middle, y: bottom + 13, size: 9.5, anchor: "middle", fill: quietInk });
    }
  }
  marks.push({ text: formatNumber(low), x: left, y: bottom + 13, size: 9.5, fill: quietInk });
  if (high > low) {
    marks.push({
      text: formatNumber(high),
      x: left + width,
      y: bottom + 13,
      size: 9.5,
      anchor: "end",
      fill: quietInk,
    });
  }
  return marks;
}

/** Makes small counts visible beside large ones on a logarithmic scale. */
const logSteepness = 200;

/** The largest share of the numbers for a bin of the panel's width: moments with other ranges have other bins. */
function density({ counts, min, max, size }: Histogram, span: number): number {
  return Math.max(...counts.map((count) => scaled(count, counts.length, min, max, size, span)));
}

function scaled(count: number, bins: number, min: number, max: number, size: number, span: number): number {
  // All numbers in one place are drawn as if they filled a bin.
  const width = max > min ? (max - min) / bins : span / 40;
  return size === 0 ? 0 : (count * span) / (size * width);
}

function steps(
  { counts, min, max, size }: Histogram,
  toX: (value: number) => number,
  toY: (value: number) => number,
  base: number,
  span: number,
): string {
  const isPoint = max <= min;
  const half = span / 80;
  const [from, to] = isPoint ? [min - half, min + half] : [min, max];
  const points: [number, number][] = [[toX(from), base]];
  counts.forEach((count, i) => {
    const y = toY(scaled(count, counts.length, min, max, size, span));
    points.push([toX(from + ((to - from) * i) / counts.length), y]);
    points.push([toX(from + ((to - from) * (i + 1)) / counts.length), y]);
  });
  points.push([toX(to), base]);
  return `${polyline(points)}z`;
}

/** "432 numbers · mean 0.01 · ±0.2 · 3.1% zero · 2 NaN" */
export function statistics({ size, mean, deviation, zeros, nan, infinite }: Histogram): string {
  const parts = [
    `${size.toLocaleString("en-US")} numbers`,
    `mean ${formatNumber(mean)} ± ${formatNumber(deviation)}`,
    zeros > 0 && `${percent(zeros / size)} zero`,
    nan > 0 && `${nan.toLocaleString("en-US")} NaN`,
    infinite > 0 && `${infinite.toLocaleString("en-US")} infinite`,
  ];
  return parts.filter((part) => part !== false).join(" · ");
}
