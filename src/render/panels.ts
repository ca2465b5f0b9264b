import { colorMap } from "./colorMaps.ts";
import { dropAlpha } from "./dropAlpha.ts";
import { formatNumber } from "./formatNumber.ts";
import type { HeatScale } from "./heatPicture.ts";
import { pageColors } from "./pageColors.ts";
import { encodePng } from "./png.ts";
import { fontOf, loadCanvas } from "./text.ts";
import type { Thumbnail } from "./thumbnail.ts";
import { wrapText } from "./wrapText.ts";

/** A picture with its name above it and, where its colours stand for numbers, a bar of them below. */
export interface Panel {
  caption: string;
  picture: Thumbnail;
  bar?: HeatScale;
}

/** What stands around the pictures. */
export interface PanelsOptions {
  title: string;
  /** Lines below the pictures. */
  notes: readonly string[];
  /** The width of the whole, in pixels of the screen. Default: room for pictures of 224 pixels. */
  width?: number | undefined;
  /** At most; in a narrow whole there are fewer. */
  perRow: number;
  /** The file is not larger: first it is drawn less sharp, then smaller. */
  maxBytes: number;
}

/** A number below a bar, and where along it. */
interface BarLabel {
  text: string;
  align: "left" | "center" | "right";
  share: number;
}

const margin = 16;
const space = 14;
/** What many networks take, and a multiple of 28. */
const usualSide = 224;
/** Room for the words of a caption: rather than narrower, pictures stand below one another. */
const leastSide = 96;
const sizes = { title: 16, caption: 12.5, note: 12.5, number: 11 };
const lineHeight = 1.4;
const barHeight = 10;

/** Draws pictures side by side, all as wide, each enlarged by a whole number where it is small enough for that. */
export async function drawPanels(
  panels: readonly Panel[],
  { title, notes, perRow, maxBytes, ...options }: PanelsOptions,
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const most = Math.min(perRow, panels.length);
  const width = options.width ?? 2 * margin + most * (usualSide + space) - space;
  const columns = Math.max(1, Math.min(most, Math.floor((width - 2 * margin + space) / (leastSide + space))));
  for (const [density, share] of [
    [2, 1],
    [1, 1],
    [1, 0.7],
    [1, 0.5],
    [1, 0.35],
  ] as const) {
    // prettier-ignore
    const drawn = await drawAt(panels, { title, notes, columns, width: Math.round(width * share), density });
    if (drawn.bytes.length <= maxBytes || share === 0.35) return drawn;
  }
  throw new Error("unreachable");
}

async function drawAt(
  panels: readonly Panel[],
  {
    title,
    notes,
    width,
    columns,
    density,
  }: Pick<PanelsOptions, "title" | "notes"> & { width: number; columns: number; density: number },
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const { createCanvas, ImageData } = await loadCanvas();
  const inner = width - 2 * margin;
  const side = Math.floor((inner - (columns - 1) * space) / columns);
  const ruler = createCanvas(1, 1).getContext("2d");
  const wrap = (text: string, size: number, room: number, bold = false): string[] => {
    ruler.font = fontOf(size, bold);
    return wrapText(text, room, (part) => ruler.measureText(part).width);
  };
  const heading = wrap(title, sizes.title, inner, true);
  const captions = panels.map(({ caption }) => wrap(caption, sizes.caption, side));
  const foot = notes.flatMap((note) => wrap(note, sizes.note, inner));
  // A coarse map beside a picture is not larger than the picture.
  const first = fit(panels[0]!.picture, side);
  const shown = panels.map(({ picture }) => fit(picture, Math.max(first.width, first.height)));

  const labels = panels.map(({ bar }, i) => (bar ? labelsOf(bar, shown[i]!.width) : []));
  const rows = Array.from({ length: Math.ceil(panels.length / columns) }, (_, row) => {
    const own = panels.map((_, i) => i).slice(row * columns, (row + 1) * columns);
    return {
      above: Math.max(...own.map((i) => captions[i]!.length)) * sizes.caption * lineHeight + 4,
      pictures: Math.max(...own.map((i) => shown[i]!.height)),
      below: own.some((i) => panels[i]!.bar)
        ? barHeight + Math.max(...own.map((i) => labels[i]!.length)) * sizes.number * lineHeight + 10
        : 0,
    };
  });
  const headHeight = heading.length * sizes.title * lineHeight + 6;
  const rowsHeight = rows.reduce(
    (sum, { above, pictures, below }) => sum + above + pictures + below + space,
    0,
  );
  const footHeight = foot.length * sizes.note * lineHeight;
  const height = Math.ceil(2 * margin + headHeight + rowsHeight + footHeight);

  const canvas = createCanvas(width * density, height * density);
  const context = canvas.getContext("2d");
  context.fillStyle = pageColors.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(density, density);
  const write = (
    lines: readonly string[],
    x: number,
    y: number,
    size: number,
    color: string,
    bold = false,
  ): number => {
    context.font = fontOf(size, bold);
    context.fillStyle = color;
    lines.forEach((line, i) => context.fillText(line, x, y + i * size * lineHeight + size));
    return y + lines.length * size * lineHeight;
  };
  let top = write(heading, margin, margin, sizes.title, pageColors.ink, true) + 6;
  rows.forEach(({ above, pictures, below }, row) => {
    for (let i = row * columns; i < Math.min(panels.length, (row + 1) * columns); i++) {
      const { picture, bar } = panels[i]!;
      const x = margin + (i % columns) * (side + space);
      const y = top + above;
      const size = shown[i]!;
      write(captions[i]!, x, top, sizes.caption, pageColors.quiet);
      const source = createCanvas(picture.width, picture.height);
      source.getContext("2d").putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
      context.imageSmoothingEnabled = size.width < picture.width;
      context.drawImage(source, x, y, size.width, size.height);
      context.strokeStyle = pageColors.edge;
      context.strokeRect(x - 0.5, y - 0.5, size.width + 1, size.height + 1);
      if (bar) drawBar(bar, labels[i]!, { x, y: y + size.height + 7, barWidth: size.width });
    }
    top += above + pictures + below + space;
  });
  write(foot, margin, top, sizes.note, pageColors.ink);

  /** What is written below a bar, line by line: both ends and the middle, as far as there is room. */
  function labelsOf({ low, high }: HeatScale, barWidth: number): BarLabel[][] {
    const [left, middle, right] = [low, (low + high) / 2, high].map(formatNumber) as [string, string, string];
    ruler.font = fontOf(sizes.number);
    const isWider = (...texts: string[]): boolean => ruler.measureText(texts.join("  ")).width > barWidth;
    const start: BarLabel = { text: left, align: "left", share: 0 };
    const end: BarLabel = { text: right, align: "right", share: 1 };
    if (isWider(left, right)) return [[start], [end]];
    // The number in the middle has as much room on each side as the longer of the two others leaves.
    const longer = left.length > right.length ? left : right;
    if (isWider(longer, middle, longer)) return [[start, end]];
    return [[start, { text: middle, align: "center", share: 0.5 }, end]];
  }

  function drawBar(
    { colors: name }: HeatScale,
    lines: readonly BarLabel[][],
    { x, y, barWidth }: { x: number; y: number; barWidth: number },
  ): void {
    const table = colorMap(name);
    for (let level = 0; level < 256; level++) {
      const [red = 0, green = 0, blue = 0] = table.subarray(3 * level);
      context.fillStyle = `rgb(${red},${green},${blue})`;
      const from = x + Math.floor((level * barWidth) / 256);
      context.fillRect(from, y, x + Math.ceil(((level + 1) * barWidth) / 256) - from, barHeight);
    }
    context.font = fontOf(sizes.number);
    context.fillStyle = pageColors.quiet;
    lines.forEach((line, i) => {
      const base = y + barHeight + sizes.number * (1 + i * lineHeight) + 3;
      for (const { text, align, share } of line) {
        context.textAlign = align;
        context.fillText(text, x + share * barWidth, base);
      }
    });
    context.textAlign = "left";
  }

  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return {
    bytes: encodePng({ width: canvas.width, height: canvas.height, data: dropAlpha(data), channels: 3 }),
    width,
    height,
  };
}

/** A small picture is enlarged by the largest whole number that fits; a large one is made as wide as there is room. */
function fit({ width, height }: Thumbnail, side: number): { width: number; height: number } {
  const longest = Math.max(width, height);
  const factor = longest <= side ? Math.floor(side / longest) : side / longest;
  return { width: Math.round(width * factor), height: Math.round(height * factor) };
}
