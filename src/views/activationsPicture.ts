import { normalizeMaps } from "../inspect/normalize.ts";
import type { ColorMapName } from "../render/colorMaps.ts";
import { picturePalette } from "../render/palette.ts";
import { encodePng } from "../render/png.ts";
import { hatchRectangle, newRaster, type Raster } from "../render/raster.ts";
import { newTextPainter, type TextPainter, type TextRun } from "../render/text.ts";
import { drawTiles, enlargement, layoutTiles, type TileLayout } from "../render/tiles.ts";
import type { ActivationsData, ShownLayer } from "./activations.ts";
import type { Png } from "./view.ts";

/** What stands around the maps. */
interface Labels {
  lines: { name: string; details: string }[];
  title: string;
  meaning: string;
  colorMap: ColorMapName;
  columns: number;
}

/** Sizes on the page, in pixels of the screen. */
const margin = 16;
const titleSize = 16;
const textSize = 13;
const headHeight = 62;
const lineHeight = 22;
const blockSpace = 16;
const bar = { width: 120, height: 12 };
const swatch = 12;
/** One map alone is enlarged to about this size. */
const aloneSize = 448;
/** A vector is a strip of about this width. */
const stripWidth = 512;
/**
 * Up to so many pixels, of so many numbers, the picture is drawn twice as large as it is shown, so that it is sharp on fine screens.
 * More numbers would make its file too large.
 */
const fine = { pixels: 3_000_000, numbers: 500_000 };

/** Draws the layers one below the other, each with a line of text above its grid. */
export async function drawActivations({ scale, layers }: ActivationsData, labels: Labels): Promise<Png> {
  const { lines, title, meaning, colorMap, columns } = labels;
  const sizes = await newTextPainter(textSize);
  const titles = await newTextPainter(titleSize);
  const head = headOf(
    meaning,
    layers.some((layer) => hatchedTiles(layer).length > 0),
  );
  const coarse = layers.map((layer) => layoutOf(layer, layers.length, columns, 1));
  const textWidths = [
    titles.measure([{ text: title, bold: true }]),
    head.width(sizes),
    ...lines.map((line) => sizes.measure(runsOf(line))),
  ];
  const width = 2 * margin + Math.ceil(Math.max(...textWidths, ...coarse.map((layout) => layout.width)));
  const height =
    2 * margin + headHeight - blockSpace + coarse.reduce((sum, layout) => sum + blockHeight(layout), 0);

  const numbers = layers.reduce((sum, layer) => sum + layer.shown.length * layer.height * layer.width, 0);
  const density = width * height <= fine.pixels && numbers <= fine.numbers ? 2 : 1;
  const raster = newRaster(width * density, height * density);
  const text = density === 1 ? sizes : await newTextPainter(textSize * density);
  const large = density === 1 ? titles : await newTextPainter(titleSize * density);
  large.draw(raster, margin * density, (margin + titleSize) * density, [{ text: title, bold: true }]);
  head.draw(raster, text, density);

  const range = rangeOf(layers);
  let top = margin + headHeight;
  layers.forEach((layer, i) => {
    const layout = layoutOf(layer, layers.length, columns, density);
    text.draw(raster, margin * density, (top + textSize) * density, runsOf(lines[i]!));
    drawTiles(raster, {
      x: margin * density,
      y: (top + lineHeight) * density,
      layout,
      bytes: normalizeMaps(layer, { chosen: layer.shown, scale, range }),
      dead: hatchedTiles(layer),
    });
    top += blockHeight(coarse[i]!);
  });
  return { bytes: encodePng({ ...raster, palette: picturePalette(colorMap) }), width, height };
}

const isVector = ({ shape }: ShownLayer): boolean => shape.length === 1;

/** The numbers of a vector are shown as they are: that one of them is zero is nothing to warn about. */
function hatchedTiles(layer: ShownLayer): number[] {
  const dead = new Set(isVector(layer) ? [] : layer.dead);
  return layer.shown.flatMap((channel, tile) => (dead.has(channel) ? [tile] : []));
}

const blockHeight = ({ height }: TileLayout): number => lineHeight + height + blockSpace;
const runsOf = ({ name, details }: { name: string; details: string }): TextRun[] => [
  { text: name, bold: true },
  { text: `   ${details}`, strength: 0.75 },
];

function layoutOf(layer: ShownLayer, layerCount: number, columns: number, density: number): TileLayout {
  const { shown, width: tileWidth, height: tileHeight } = layer;
  if (isVector(layer)) return strip(shown.length, density);
  const size = Math.max(tileWidth, tileHeight);
  const alone = layerCount === 1 && shown.length === 1;
  const factor = alone ? Math.max(1, Math.min(64, Math.floor(aloneSize / size))) : enlargement(size);
  return layoutTiles(shown.length, {
    tileWidth,
    tileHeight,
    columns,
    factor: factor * density,
    gap: density,
  });
}

function strip(units: number, density: number): TileLayout {
  const columns = units <= 1024 ? 64 : 256;
  const factor = Math.min(24, Math.floor(stripWidth / Math.min(units, columns))) * density;
  return layoutTiles(units, { tileWidth: 1, tileHeight: 1, columns, factor, gap: 0 });
}

function rangeOf(layers: readonly ShownLayer[]): [number, number] {
  return [Math.min(...layers.map(({ min }) => min)), Math.max(...layers.map(({ max }) => max))];
}

/** The line below the title: a bar of the colours and what its ends mean, and what a hatched map is. */
function headOf(meaning: string, hatched: boolean) {
  const runs = [{ text: meaning, strength: 0.75 }];
  const deadRuns = [{ text: "dead: the same number everywhere", strength: 0.75 }];
  const afterBar = bar.width + 10;
  return {
    width: (painter: TextPainter): number =>
      afterBar + painter.measure(runs) + (hatched ? 24 + swatch + 8 + painter.measure(deadRuns) : 0),
    draw(raster: Raster, painter: TextPainter, density: number): void {
      const top = (margin + titleSize + 14) * density;
      const baseline = top + (bar.height - 1) * density;
      const colors = Uint8Array.from({ length: bar.width }, (_, i) => Math.floor((i * 256) / bar.width));
      for (let row = 0; row < bar.height; row++) {
        const layout = layoutTiles(1, {
          tileWidth: bar.width,
          tileHeight: 1,
          columns: 1,
          factor: density,
          gap: 0,
        });
        drawTiles(raster, { x: margin * density, y: top + row * density, layout, bytes: colors });
      }
      const end = painter.draw(raster, (margin + afterBar) * density, baseline, runs);
      if (!hatched) return;
      const x = Math.ceil(end) + 24 * density;
      hatchRectangle(raster, x, top, swatch * density, swatch * density, density);
      painter.draw(raster, x + (swatch + 8) * density, baseline, deadRuns);
    },
  };
}
