import { dropAlpha } from "./dropAlpha.ts";
import { pageColors } from "./pageColors.ts";
import { encodePng } from "./png.ts";
import { shrinkThumbnail } from "./shrinkThumbnail.ts";
import { fontOf, loadCanvas } from "./text.ts";
import type { Thumbnail } from "./thumbnail.ts";
import { wrapText } from "./wrapText.ts";

/** One picture of a sheet and what is written below it. */
export interface SheetCell {
  picture: Thumbnail;
  /** Lines. */
  caption?: readonly string[];
  /** Framed, with a bold caption: it stands out without colour as well. */
  marked?: boolean;
}

/** Colours from the least to the largest number. */
export interface ScaleBar {
  /** Red, green and blue of each. */
  colors: Uint8Array;
  low: string;
  high: string;
}

const barSize = { width: 120, height: 12 };
const margin = 14;
const space = 10;
const titleHeight = 30;
const noteHeight = 20;
const captionSpace = 5;
const captionLine = 15;
/** A column is made wider for long captions, up to this; what is longer still goes on in another line. */
const widestColumn = 150;
const captionSize = 11.5;
const titleSize = 15;
const noteSize = 12;
const smallest = 64;
/** The largest size of a picture on the sheet. */
export const largestThumbnail = 128;
const alarm = "#c62828";

/** What stands around the pictures. */
export interface SheetOptions {
  /** Lines above the pictures. */
  title: string | undefined;
  notes?: readonly string[];
  /** The colours and what they stand for. */
  bar?: ScaleBar;
  /** How many pictures in a row. */
  columns: number;
  /** The file is not larger: first it is drawn less sharp, then smaller, and then the last pictures are left out. */
  maxBytes: number;
}

interface Sheet {
  bytes: Uint8Array;
  width: number;
  height: number;
}

/** Pixels for one of the screen, and how large pictures are drawn that are larger than `smallest`. */
const attempts = [
  { density: 2, share: 1 },
  { density: 1, share: 1 },
  { density: 1, share: 0.5 },
] as const;
/** Photographs take at least a byte of the file for so many of their numbers: more need not be tried in full size. */
const numbersPerByte = 4;

/** Draws pictures side by side with captions below: small ones enlarged by a whole number, pixel by pixel. */
export async function drawContactSheet(
  cells: readonly SheetCell[],
  { maxBytes, notes = [], ...options }: SheetOptions,
): Promise<Sheet> {
  const numbers = cells.reduce((sum, { picture }) => sum + 3 * picture.width * picture.height, 0);
  const tried = numbers > numbersPerByte * maxBytes ? attempts.slice(-1) : attempts;
  let sheet: Sheet | undefined;
  let shown = cells;
  for (const { density, share } of tried) {
    shown = share === 1 ? cells : cells.map((cell) => shrinkCell(cell, share));
    sheet = await drawSheet(shown, { ...options, notes, density });
    if (sheet.bytes.length <= maxBytes) return sheet;
  }
  for (let count = cells.length; count > 1 && sheet!.bytes.length > maxBytes;) {
    count = Math.max(1, Math.floor((0.9 * count * maxBytes) / sheet!.bytes.length));
    const cut = `the first ${count} of ${cells.length}: more would be larger than maxBytes`;
    sheet = await drawSheet(shown.slice(0, count), { ...options, notes: [...notes, cut], density: 1 });
  }
  return sheet!;
}

function shrinkCell({ picture, ...cell }: SheetCell, share: number): SheetCell {
  const { width, height } = picture;
  const least = smallest / Math.min(width, height);
  return { ...cell, picture: shrinkThumbnail(picture, Math.max(width, height) * Math.max(share, least)) };
}

async function drawSheet(
  cells: readonly SheetCell[],
  {
    title,
    notes,
    bar,
    columns,
    density,
  }: Omit<SheetOptions, "maxBytes"> & { notes: readonly string[]; density: number },
): Promise<Sheet> {
  const { createCanvas, ImageData } = await loadCanvas();
  const longest = Math.max(...cells.map(({ picture }) => Math.max(picture.width, picture.height)));
  const factor = Math.max(1, Math.ceil(smallest / longest));
  const side = Math.max(...cells.map(({ picture }) => picture.width)) * factor;
  const rise = Math.max(...cells.map(({ picture }) => picture.height)) * factor;
  const ruler = createCanvas(1, 1).getContext("2d");
  const measure = (text: string, size: number, bold: boolean): number => {
    ruler.font = fontOf(size, bold);
    return ruler.measureText(text).width;
  };
  const captionWidth = ({ caption = [], marked = false }: SheetCell): number =>
    Math.max(0, ...caption.map((line) => measure(line, captionSize, marked)));
  const step =
    Math.max(side, Math.min(widestColumn, Math.ceil(Math.max(...cells.map(captionWidth))))) + space;
  const captions = cells.map(({ caption = [], marked = false }) =>
    caption.flatMap((line) => wrapText(line, step - 2, (part) => measure(part, captionSize, marked))),
  );
  const lines = Math.max(...captions.map(({ length }) => length));
  const below = lines === 0 ? 0 : captionSpace + lines * captionLine;
  const top = margin + (title === undefined ? 0 : titleHeight) + (notes.length + (bar ? 1 : 0)) * noteHeight;
  const rows = Math.ceil(cells.length / columns);
  const heads = [
    measure(title ?? "", titleSize, true),
    ...notes.map((note) => measure(note, noteSize, false)),
  ];
  const width = 2 * margin + Math.ceil(Math.max(Math.min(columns, cells.length) * step - space, ...heads));
  const height = top + rows * (rise + below + space) - space + margin;

  const canvas = createCanvas(width * density, height * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  context.fillStyle = pageColors.page;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  if (title !== undefined) {
    context.font = fontOf(titleSize, true);
    context.fillStyle = pageColors.ink;
    context.fillText(title, margin, margin + titleSize);
  }
  context.font = fontOf(noteSize, false);
  context.fillStyle = pageColors.quiet;
  const firstNote = margin + (title === undefined ? 0 : titleHeight) + noteSize - 2;
  notes.forEach((note, i) => {
    context.fillText(note, margin, firstNote + i * noteHeight);
  });
  if (bar) {
    const baseline = firstNote + notes.length * noteHeight;
    context.fillText(bar.low, margin, baseline);
    const left = margin + measure(bar.low, noteSize, false) + 8;
    for (let i = 0; i < barSize.width; i++) {
      const [red, green, blue] = bar.colors.subarray(
        3 * Math.floor((i * bar.colors.length) / 3 / barSize.width),
      );
      context.fillStyle = `rgb(${red},${green},${blue})`;
      context.fillRect(left + i, baseline - barSize.height + 2, 1, barSize.height);
    }
    context.fillStyle = pageColors.quiet;
    context.fillText(bar.high, left + barSize.width + 8, baseline);
  }

  cells.forEach((cell, index) => {
    const { picture, marked = false } = cell;
    const x = margin + (index % columns) * step;
    const y = top + Math.floor(index / columns) * (rise + below + space);
    const [w, h] = [picture.width * factor, picture.height * factor];
    const [left, up] = [x + Math.floor((step - space - w) / 2), y + Math.floor((rise - h) / 2)];
    const source = createCanvas(picture.width, picture.height);
    source.getContext("2d").putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
    context.drawImage(source, left, up, w, h);
    const line = marked ? 3 : 1;
    context.lineWidth = line;
    context.strokeStyle = marked ? alarm : pageColors.edge;
    context.strokeRect(left - line / 2, up - line / 2, w + line, h + line);
    context.font = fontOf(captionSize, marked);
    context.fillStyle = marked ? alarm : pageColors.quiet;
    context.textAlign = "center";
    captions[index]!.forEach((line, i) => {
      context.fillText(line, x + (step - space) / 2, y + rise + captionSpace + (i + 1) * captionLine - 5);
    });
  });
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return {
    bytes: encodePng({ width: canvas.width, height: canvas.height, data: dropAlpha(data), channels: 3 }),
    width,
    height,
  };
}
