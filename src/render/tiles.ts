import { levelOf, reserved } from "./palette.ts";
import { fillRectangle, hatchRectangle, type Raster } from "./raster.ts";

/** Maps of one size side by side, `columns` in a row, each pixel `factor` wide and high, with gaps between and around none. */
export interface TileLayout {
  count: number;
  tileWidth: number;
  tileHeight: number;
  columns: number;
  factor: number;
  gap: number;
  width: number;
  height: number;
}

/** By which whole number maps of a size are enlarged: to about 64 pixels, at most 8 times, never made smaller. */
export function enlargement(size: number): number {
  return Math.min(Math.max(Math.floor(64 / size), 1), 8);
}

/** Where `count` maps of a size go, and how large the whole becomes. */
export function layoutTiles(
  count: number,
  { tileWidth, tileHeight, columns, factor, gap }: Omit<TileLayout, "count" | "width" | "height">,
): TileLayout {
  const inRow = Math.min(columns, count);
  const rows = Math.ceil(count / columns);
  const width = inRow * (tileWidth * factor + gap) - gap;
  const height = rows * (tileHeight * factor + gap) - gap;
  return { count, tileWidth, tileHeight, columns, factor, gap, width, height };
}

/**
 * Draws maps by a layout with its top left corner at (x, y). `bytes` holds one map after the other, 0 to 255 each; the maps
 * named in `dead` are hatched. What is not a map is gap, except the empty rest of the last row, which stays page.
 */
export function drawTiles(
  raster: Raster,
  {
    x,
    y,
    layout,
    bytes,
    dead = [],
  }: { x: number; y: number; layout: TileLayout; bytes: Uint8Array; dead?: readonly number[] },
): void {
  const { count, columns, tileWidth, tileHeight, factor, gap } = layout;
  const stepX = tileWidth * factor + gap;
  const stepY = tileHeight * factor + gap;
  for (let first = 0, top = y; first < count; first += columns, top += stepY) {
    const inRow = Math.min(columns, count - first);
    const above = first === 0 ? 0 : gap;
    fillRectangle(raster, x, top - above, inRow * stepX - gap, stepY - gap + above, reserved.gap);
    for (let row = 0; row < tileHeight; row++) {
      const start = (top + row * factor) * raster.width + x;
      for (let column = 0; column < inRow; column++) {
        const from = ((first + column) * tileHeight + row) * tileWidth;
        enlargeRow(raster.data, start + column * stepX, bytes, from, tileWidth, factor);
      }
      for (let copy = 1; copy < factor; copy++) {
        raster.data.copyWithin(start + copy * raster.width, start, start + inRow * stepX - gap);
      }
    }
  }
  for (const index of dead) {
    const left = x + (index % columns) * stepX;
    const top = y + Math.floor(index / columns) * stepY;
    const line = Math.max(1, Math.min(2, factor >> 1));
    hatchRectangle(raster, left, top, tileWidth * factor, tileHeight * factor, line);
  }
}

function enlargeRow(
  out: Uint8Array,
  to: number,
  bytes: Uint8Array,
  from: number,
  width: number,
  factor: number,
): void {
  for (let i = 0; i < width; i++) {
    const level = levelOf[bytes[from + i]!]!;
    for (let copy = 0; copy < factor; copy++) out[to++] = level;
  }
}
