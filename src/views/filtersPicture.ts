import { colorMap, type ColorMapName } from "../render/colorMaps.ts";
import { quietInk, type Drawing, type Mark } from "../render/drawing.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { encodePng } from "../render/png.ts";
import type { FiltersData } from "./filters.ts";

type Color = readonly [number, number, number];

const margin = 16;
const head = 64;
const pageWidth = 960;
const captionHeight = 13;
const axisRoom = 44;
const barSize = { width: 120, height: 12 };
/** For the longest number at an end of the bar, −0.00123. */
const numberRoom = 54;
const mostFactor = 16;
const frame: Color = [128, 158, 198];
const white: Color = [255, 255, 255];
/** Nothing that a map of colours has. */
const notFinite: Color = [20, 20, 20];

/** Draws the filters of a page: in colours, or the kernels of each filter (a row) for each channel (a column). */
export function drawFilters(
  data: FiltersData,
  { title, meaning, map, perRow }: { title: string; meaning: string; map: ColorMapName; perRow: number },
): Drawing {
  const { colors, shownFilters, shownChannels, height, width } = data;
  const isMatrix = colors === "signed" && shownChannels.length > 1;
  const columns = isMatrix ? shownChannels.length : Math.min(perRow, shownFilters.length);
  const rows = isMatrix ? shownFilters.length : Math.ceil(shownFilters.length / columns);
  const factor = Math.max(1, Math.min(mostFactor, Math.floor((pageWidth / columns - 2) / width)));
  const below = isMatrix ? 0 : captionHeight;
  const step = { x: width * factor + 2, y: height * factor + 2 + below };
  const size = { width: columns * step.x, height: rows * step.y - below };

  const pixels = new Uint8Array(size.width * size.height * 3).fill(255);
  const paint = (x: number, y: number, w: number, h: number, color: Color): void => {
    for (let row = y; row < y + h; row++) {
      for (let column = x; column < x + w; column++) pixels.set(color, 3 * (row * size.width + column));
    }
  };
  const tile = (column: number, row: number, colorAt: (place: number) => Color): void => {
    const [x, y] = [column * step.x, row * step.y];
    paint(x, y, step.x, step.y - below, frame);
    for (let place = 0; place < height * width; place++) {
      const [left, top] = [x + 1 + (place % width) * factor, y + 1 + Math.floor(place / width) * factor];
      paint(left, top, factor, factor, colorAt(place));
    }
  };
  const paintOf = painter(data, map);
  shownFilters.forEach((filter, i) => {
    if (isMatrix) shownChannels.forEach((channel, column) => tile(column, i, paintOf(filter, channel)));
    else tile(i % columns, Math.floor(i / columns), paintOf(filter, shownChannels[0]!));
  });

  const left = margin + (isMatrix ? axisRoom : 0);
  const top = head + (isMatrix ? 30 : 0);
  const number = (text: number, x: number, y: number, anchor: "middle" | "end"): Mark => ({
    text: String(text),
    x,
    y,
    size: 9,
    anchor,
    fill: quietInk,
  });
  const every = (count: number, room: number): number =>
    [1, 2, 4, 8, 16, 32, 64].find((n) => n * room >= count)!;
  const numbers: Mark[] = isMatrix
    ? [
        { text: "channel of the input", x: left, y: top - 18, size: 10, fill: quietInk },
        { text: "filter", x: margin, y: top - 4, size: 10, fill: quietInk },
        ...shownChannels
          .filter((_, i) => i % every(26, step.x) === 0)
          .map((channel, i) =>
            number(channel, left + (i * every(26, step.x) + 0.5) * step.x, top - 5, "middle"),
          ),
        ...shownFilters
          .filter((_, i) => i % every(12, step.y) === 0)
          .map((filter, i) =>
            number(filter, left - 6, top + (i * every(12, step.y) + 0.5) * step.y + 3, "end"),
          ),
      ]
    : shownFilters.map((filter, i) =>
        number(
          filter,
          left + ((i % columns) + 0.5) * step.x,
          top + Math.floor(i / columns) * step.y + step.y - below + 10,
          "middle",
        ),
      );
  const bar = colors === "signed" ? colorBar(data, map) : [];
  const barRoom = colors === "signed" ? 2 * numberRoom + barSize.width + 8 : 0;
  const lineWidth = barRoom + meaning.length * 7;
  return {
    width: Math.ceil(Math.max(left + size.width, margin + lineWidth, margin + title.length * 10) + margin),
    height: Math.ceil(top + size.height + below + margin),
    title,
    marks: [
      { text: title, x: margin, y: 26, size: 15, bold: true },
      { text: meaning, x: margin + barRoom, y: 50, size: 11, fill: quietInk },
      ...bar,
      { png: encodePng({ ...size, data: pixels, channels: 3 }), x: left, y: top, ...size },
      ...numbers,
    ],
  };
}

/** The colours of one filter's map. */
function painter(
  data: FiltersData,
  map: ColorMapName,
): (filter: number, channel: number) => (place: number) => Color {
  const { colors, channels, height, width, values, limit, scale } = data;
  const size = height * width;
  const table = colorMap(map);
  const at = (filter: number, channel: number, place: number): number =>
    values[(filter * channels + channel) * size + place]!;
  const extremes = (filter: number): [number, number] => {
    const own = values
      .subarray(filter * channels * size, (filter + 1) * channels * size)
      .filter(Number.isFinite);
    return [own.reduce((a, b) => Math.min(a, b), Infinity), own.reduce((a, b) => Math.max(a, b), -Infinity)];
  };
  if (colors === "rgb") {
    const all: [number, number] = [data.min, data.max];
    return (filter) => {
      const [low, high] = scale === "filter" ? extremes(filter) : all;
      const byte = (value: number): number =>
        high > low ? Math.round((255 * (value - low)) / (high - low)) : 128;
      return (place) => {
        const color = [0, 1, 2].map((channel) => at(filter, channel, place)) as [number, number, number];
        return color.every(Number.isFinite) ? (color.map(byte) as [number, number, number]) : notFinite;
      };
    };
  }
  return (filter, channel) => {
    const most = scale === "filter" ? Math.max(...extremes(filter).map(Math.abs)) : limit;
    return (place) => {
      const value = at(filter, channel, place);
      if (!Number.isFinite(value)) return notFinite;
      if (most === 0) return white;
      const index = 3 * Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, value / most)));
      return [table[index]!, table[index + 1]!, table[index + 2]!];
    };
  };
}

/** Blue to red with zero in the middle and numbers at the ends. */
function colorBar({ limit, scale }: FiltersData, map: ColorMapName): Mark[] {
  const size = barSize;
  const table = colorMap(map);
  const data = new Uint8Array(size.width * size.height * 3);
  for (let i = 0; i < size.width * size.height; i++) {
    const index = 3 * Math.round((255 * (i % size.width)) / (size.width - 1));
    data.set(table.subarray(index, index + 3), 3 * i);
  }
  const end = scale === "filter" ? "max" : formatNumber(limit);
  const x = margin + numberRoom;
  const label = (text: string, at: number, anchor: "end" | "middle" | "start"): Mark => ({
    text,
    x: at,
    y: 50,
    size: 10,
    anchor,
    fill: quietInk,
  });
  return [
    { png: encodePng({ ...size, data, channels: 3 }), x, y: 40, ...size },
    { text: "0", x: x + size.width / 2, y: 62, size: 9, anchor: "middle", fill: quietInk },
    label(`−${end}`, x - 4, "end"),
    label(end, x + size.width + 4, "start"),
  ];
}
