import { reserved } from "./palette.ts";

/** A picture of palette indices, one byte a pixel, rows from the top. */
export interface Raster {
  width: number;
  height: number;
  data: Uint8Array;
}

/** An empty page. */
export function newRaster(width: number, height: number): Raster {
  return { width, height, data: new Uint8Array(width * height).fill(reserved.page) };
}

/** Fills a rectangle with one index. */
export function fillRectangle(
  raster: Raster,
  x: number,
  y: number,
  width: number,
  height: number,
  index: number,
): void {
  for (let row = y; row < y + height; row++) {
    raster.data.fill(index, row * raster.width + x, row * raster.width + x + width);
  }
}

/** Fills a rectangle with diagonal lines of a pixel's width `line`, four widths apart: no flat colour, so no value looks like it. */
export function hatchRectangle(
  raster: Raster,
  x: number,
  y: number,
  width: number,
  height: number,
  line: number,
): void {
  const { hatchLine, hatchPaper } = reserved;
  for (let row = 0; row < height; row++) {
    const start = (y + row) * raster.width + x;
    for (let column = 0; column < width; column++) {
      raster.data[start + column] = (row + column) % (4 * line) < line ? hatchLine : hatchPaper;
    }
  }
}
