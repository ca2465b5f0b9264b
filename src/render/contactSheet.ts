import { encodePng } from "./png.ts";
import { fontFamily, loadCanvas } from "./text.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** One picture of a sheet and what is written below it. */
export interface SheetCell {
  picture: Thumbnail;
  caption?: string | undefined;
  /** Framed, with a bold caption: it stands out without colour as well. */
  marked?: boolean;
}

const density = 2;
const margin = 14;
const space = 10;
const titleHeight = 30;
const captionHeight = 20;
const captionSize = 11.5;
const titleSize = 15;
const smallest = 64;
/** The largest size of a picture on the sheet. */
export const largestThumbnail = 128;
const colors = { page: "white", ink: "#1f2328", quiet: "#59636e", edge: "#d1d9e0", alarm: "#c62828" };

/** Draws pictures side by side with captions below: small ones enlarged by a whole number, pixel by pixel. */
export async function drawContactSheet(
  cells: readonly SheetCell[],
  { title, columns }: { title: string | undefined; columns: number },
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const { createCanvas, ImageData } = await loadCanvas();
  const longest = Math.max(...cells.map(({ picture }) => Math.max(picture.width, picture.height)));
  const factor = Math.max(1, Math.ceil(smallest / longest));
  const side = longest * factor;
  const below = cells.some(({ caption }) => caption !== undefined) ? captionHeight : 0;
  const top = margin + (title === undefined ? 0 : titleHeight);
  const rows = Math.ceil(cells.length / columns);
  const width = 2 * margin + Math.min(columns, cells.length) * (side + space) - space;
  const height = top + rows * (side + below + space) - space + margin;

  const canvas = createCanvas(width * density, height * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  context.fillStyle = colors.page;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  context.textAlign = "left";
  if (title !== undefined) {
    context.font = `bold ${String(titleSize)}px "${fontFamily}"`;
    context.fillStyle = colors.ink;
    context.fillText(title, margin, margin + titleSize);
  }

  cells.forEach(({ picture, caption, marked = false }, index) => {
    const x = margin + (index % columns) * (side + space);
    const y = top + Math.floor(index / columns) * (side + below + space);
    const [w, h] = [picture.width * factor, picture.height * factor];
    const [left, up] = [x + Math.floor((side - w) / 2), y + Math.floor((side - h) / 2)];
    const source = createCanvas(picture.width, picture.height);
    source.getContext("2d").putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
    context.drawImage(source, left, up, w, h);
    const line = marked ? 3 : 1;
    context.lineWidth = line;
    context.strokeStyle = marked ? colors.alarm : colors.edge;
    context.strokeRect(left - line / 2, up - line / 2, w + line, h + line);
    if (caption === undefined) return;
    context.font = `${marked ? "bold " : ""}${String(captionSize)}px "${fontFamily}"`;
    context.fillStyle = marked ? colors.alarm : colors.quiet;
    const text = shorten(caption, side + space - 2, (part) => context.measureText(part).width);
    context.textAlign = "center";
    context.fillText(text, x + side / 2, y + side + 14);
  });
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return {
    bytes: encodePng({ width: canvas.width, height: canvas.height, data: dropAlpha(data), channels: 3 }),
    width,
    height,
  };
}

function shorten(text: string, room: number, measure: (text: string) => number): string {
  if (measure(text) <= room) return text;
  let length = text.length - 1;
  while (length > 1 && measure(`${text.slice(0, length)}…`) > room) length--;
  return `${text.slice(0, length)}…`;
}

function dropAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from]!;
    rgb[to++] = rgba[from + 1]!;
    rgb[to++] = rgba[from + 2]!;
  }
  return rgb;
}
