import type { LayerActivations } from "../inspect/activations.ts";
import type { MeanKernels } from "../inspect/meanKernels.ts";
import { normalizeMaps, type Scale } from "../inspect/normalize.ts";
import { stackActivations } from "../inspect/stackActivations.ts";
import { reserved } from "../render/palette.ts";
import { fillRectangle, type Raster } from "../render/raster.ts";
import type { TextPainter } from "../render/text.ts";
import { drawTiles, enlargement, layoutTiles, type TileLayout } from "../render/tiles.ts";

/** One layer in the picture: for each picture what the layer gives, and what stands around its maps. */
export interface Block {
  pictures: readonly LayerActivations[];
  shown: readonly number[];
  kernels: MeanKernels | undefined;
}

/** What all blocks have in common. */
export interface BlockStyle {
  scale: Scale;
  /** The least and the largest number of all layers. */
  range: readonly [number, number];
  perRow: number;
  /** What stands left of each picture's row; none where there is one picture. */
  labels: readonly string[];
  /** How wide these are. */
  labelWidth: number;
  /** The number of the first channel, where channels are numbered. */
  numbers: number | undefined;
  /** Whether the layer is the only one. */
  alone: boolean;
  /** Pixels of the picture for one of the screen. */
  density: number;
  /** Whether small maps are drawn larger than they are. */
  enlarged: boolean;
}

/** One map alone is enlarged to about this size. */
const aloneSize = 448;
/** A vector is a strip of about this width. */
const stripWidth = 512;
const numberHeight = 15;
const groupSpace = 8;

const isVector = ({ pictures }: Block): boolean => pictures[0]!.shape.length === 1;

/** The numbers of a vector are shown as they are: that one of them is zero is nothing to warn about. */
export function hatchedTiles(block: Block, picture: LayerActivations): number[] {
  const dead = new Set(isVector(block) ? [] : picture.dead);
  return block.shown.flatMap((channel, tile) => (dead.has(channel) ? [tile] : []));
}

/** Rows of maps that belong together: the same channels, once for each picture. */
interface Group {
  first: number;
  layout: TileLayout;
  /** Below the top of the group, in pixels of the picture. */
  rows: number[];
  kernelTop: number;
  top: number;
  height: number;
}

/** Where the maps of a block go, and how large the whole is, in pixels of the picture. */
export interface BlockLayout {
  groups: Group[];
  left: number;
  width: number;
  height: number;
}

/** Lays a block out. Maps alone stand in one grid; with numbers, kernels or other pictures each row of them is a group. */
export function layoutBlock(block: Block, style: BlockStyle): BlockLayout {
  const { pictures, shown } = block;
  const { density, labelWidth, perRow } = style;
  const isPlain = pictures.length === 1 && block.kernels === undefined && style.numbers === undefined;
  const columns = isVector(block) ? stripColumns(shown.length) : perRow;
  const inGroup = isPlain ? shown.length : columns;
  const groups: Group[] = [];
  let top = 0;
  for (let first = 0; first < shown.length; first += inGroup) {
    const layout = layoutOf(block, Math.min(inGroup, shown.length - first), columns, style);
    const numberSpace = style.numbers === undefined || isVector(block) ? 0 : numberHeight * density;
    const kernelSpace = block.kernels
      ? kernelSide(block.kernels, layout) * block.kernels.height + 2 * density
      : 0;
    const rows = pictures.map((_, i) => numberSpace + kernelSpace + i * (layout.height + 2 * density));
    const height = rows.at(-1)! + layout.height;
    groups.push({ first, layout, rows, kernelTop: numberSpace, top, height });
    top += height + groupSpace * density;
  }
  const left = labelWidth * density;
  const width = left + Math.max(...groups.map(({ layout }) => layout.width));
  return { groups, left, width, height: top - groupSpace * density };
}

function layoutOf(
  { pictures, shown }: Block,
  count: number,
  columns: number,
  { alone, density, enlarged }: BlockStyle,
): TileLayout {
  const { shape, width: tileWidth, height: tileHeight } = pictures[0]!;
  if (shape.length === 1) {
    const factor = Math.min(24, Math.floor(stripWidth / Math.min(shown.length, columns))) * density;
    return layoutTiles(count, { tileWidth: 1, tileHeight: 1, columns, factor, gap: 0 });
  }
  const size = Math.max(tileWidth, tileHeight);
  const isLarge = alone && shown.length === 1;
  const usual = enlarged ? enlargement(size) : 1;
  const factor = isLarge ? Math.max(1, Math.min(64, Math.floor(aloneSize / size))) : usual;
  return layoutTiles(count, { tileWidth, tileHeight, columns, factor: factor * density, gap: density });
}

const stripColumns = (units: number): number => (units <= 1024 ? 64 : 256);

/** By how much a kernel is enlarged to be as wide as a map, at least to one pixel for a number. */
function kernelSide({ width }: MeanKernels, { tileWidth, factor }: TileLayout): number {
  return Math.max(1, Math.floor((tileWidth * factor) / width));
}

/** Draws a block with its top left corner at (x, y). */
export function drawBlock(
  raster: Raster,
  x: number,
  y: number,
  {
    block,
    layout: { groups, left },
    style,
    painter,
  }: { block: Block; layout: BlockLayout; style: BlockStyle; painter: TextPainter },
): void {
  const { pictures, shown } = block;
  const { height, width, channels } = pictures[0]!;
  const size = height * width;
  const stacked = stackActivations(pictures);
  const chosen = isVector(block)
    ? pictures.flatMap((_, i) => shown.map((unit) => i * channels + unit))
    : shown;
  const bytes = normalizeMaps(stacked, { chosen, scale: style.scale, range: style.range });
  for (const group of groups) {
    const { first, layout, rows, top } = group;
    const at = { x: x + left, y: y + top };
    if (style.numbers !== undefined && !isVector(block))
      drawNumbers(raster, at, { group, block, style, painter });
    if (block.kernels) drawKernels(raster, { ...at, y: at.y + group.kernelTop }, group, block);
    pictures.forEach((picture, i) => {
      const row = at.y + rows[i]!;
      const own = isVector(block)
        ? bytes.subarray(i * shown.length + first)
        : rowBytes(bytes, { first, count: layout.count, size, picture: i, pictures: pictures.length });
      const dead = hatchedTiles(block, picture)
        .map((tile) => tile - first)
        .filter((tile) => tile >= 0 && tile < layout.count);
      drawTiles(raster, { x: at.x, y: row, layout, bytes: own, dead });
      if (picture.nonFinite > 0)
        markNonFinite(raster, { x: at.x, y: row }, { picture, layout, tiles: shown.slice(first) });
      if (style.labels[i] === undefined) return;
      const baseline =
        row + Math.min(layout.height - style.density, Math.round(layout.height / 2) + 5 * style.density);
      painter.draw(raster, x, baseline, [{ text: style.labels[i], strength: 0.75 }]);
    });
  }
}

/** The maps of one picture: in `bytes` those of all pictures stand below one another for each channel. */
function rowBytes(
  bytes: Uint8Array,
  {
    first,
    count,
    size,
    picture,
    pictures,
  }: { first: number; count: number; size: number; picture: number; pictures: number },
): Uint8Array {
  if (pictures === 1) return bytes.subarray(first * size);
  const own = new Uint8Array(count * size);
  for (let tile = 0; tile < count; tile++) {
    const from = ((first + tile) * pictures + picture) * size;
    own.set(bytes.subarray(from, from + size), tile * size);
  }
  return own;
}

interface Place {
  x: number;
  y: number;
}

function drawNumbers(
  raster: Raster,
  { x, y }: Place,
  {
    group: { first, layout },
    block,
    style,
    painter,
  }: { group: Group; block: Block; style: BlockStyle; painter: TextPainter },
): void {
  const step = layout.tileWidth * layout.factor + layout.gap;
  block.shown.slice(first, first + layout.count).forEach((channel, i) => {
    const runs = [{ text: String(channel + style.numbers!), strength: 0.75 }];
    // Where maps are narrower than their numbers, each so-manieth is numbered.
    const every = Math.ceil((painter.measure([{ text: "888" }]) + 4) / step);
    if (i % every === 0) painter.draw(raster, x + i * step, y + (numberHeight - 4) * style.density, runs);
  });
}

/** Kernels from the most negative to the most positive number of all, so that 0 is in the middle of the colours. */
function drawKernels(
  raster: Raster,
  { x, y }: Place,
  { first, layout }: Group,
  { kernels, shown }: Block,
): void {
  const { height, width, values } = kernels!;
  const size = height * width;
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  const factor = kernelSide(kernels!, layout);
  const step = layout.tileWidth * layout.factor + layout.gap;
  shown.slice(first, first + layout.count).forEach((channel, i) => {
    const bytes = Uint8Array.from(values.subarray(channel * size, (channel + 1) * size), (value) =>
      Math.round(127.5 + (127.5 * value) / most),
    );
    const tile = layoutTiles(1, { tileWidth: width, tileHeight: height, columns: 1, factor, gap: 0 });
    drawTiles(raster, { x: x + i * step, y, layout: tile, bytes });
  });
}

function markNonFinite(
  raster: Raster,
  { x, y }: Place,
  { picture, layout, tiles }: { picture: LayerActivations; layout: TileLayout; tiles: readonly number[] },
): void {
  const { values, channels, width } = picture;
  const { columns, tileWidth, tileHeight, factor, gap, count } = layout;
  tiles.slice(0, count).forEach((channel, tile) => {
    const left = x + (tile % columns) * (tileWidth * factor + gap);
    const top = y + Math.floor(tile / columns) * (tileHeight * factor + gap);
    for (let position = 0; position < tileWidth * tileHeight; position++) {
      if (Number.isFinite(values[position * channels + channel])) continue;
      const [row, column] = [Math.floor(position / width), position % width];
      fillRectangle(raster, left + column * factor, top + row * factor, factor, factor, reserved.alarm);
    }
  });
}
