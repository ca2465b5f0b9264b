import type { ColorMapName } from "../render/colorMaps.ts";
import { picturePalette, reserved } from "../render/palette.ts";
import { encodePng } from "../render/png.ts";
import { fillRectangle, hatchRectangle, newRaster, type Raster } from "../render/raster.ts";
import { newTextPainter, type TextPainter, type TextRun } from "../render/text.ts";
import { drawTiles, layoutTiles } from "../render/tiles.ts";
import {
  drawBlock,
  hatchedTiles,
  layoutBlock,
  type Block,
  type BlockLayout,
  type BlockStyle,
} from "./activationsBlock.ts";
import type { Png } from "./view.ts";

/** What stands around the maps. */
export interface Labels {
  lines: { name: string; details: string }[];
  title: string;
  meaning: string;
  colorMap: ColorMapName;
  maxBytes: number;
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
/**
 * Up to so many pixels, of so many numbers, the picture is drawn twice as large as it is shown, so that it is sharp on fine screens.
 * More numbers would make its file too large.
 */
const fine = { pixels: 3_000_000, share: 1 / 3 };

type GivenStyle = Omit<BlockStyle, "density" | "labelWidth" | "range" | "alone" | "enlarged">;

/**
 * Draws the layers one below the other, each with a line of text above its maps: small maps enlarged, unless the file would be larger
 * than `maxBytes`.
 */
export async function drawActivations(
  blocks: readonly Block[],
  style: GivenStyle,
  labels: Labels,
): Promise<Png> {
  const large = await drawBlocks(blocks, { ...style, enlarged: true }, labels);
  return large.bytes.length <= labels.maxBytes
    ? large
    : drawBlocks(blocks, { ...style, enlarged: false }, labels);
}

async function drawBlocks(
  blocks: readonly Block[],
  style: GivenStyle & Pick<BlockStyle, "enlarged">,
  labels: Labels,
): Promise<Png> {
  const { lines, title, meaning, colorMap } = labels;
  const sizes = await newTextPainter(textSize);
  const titles = await newTextPainter(titleSize);
  const head = headOf(meaning, notesOf(blocks));
  const widest = Math.max(0, ...style.labels.map((text) => sizes.measure([{ text }])));
  const own = {
    ...{ ...style, range: rangeOf(blocks), alone: blocks.length === 1 && blocks[0]!.pictures.length === 1 },
    labelWidth: widest === 0 ? 0 : Math.ceil(widest) + 10,
  };
  const coarse = blocks.map((block) => layoutBlock(block, { ...own, density: 1 }));
  const textWidths = [
    titles.measure([{ text: title, bold: true }]),
    head.width(sizes),
    ...lines.map((line) => sizes.measure(runsOf(line))),
  ];
  const width = 2 * margin + Math.ceil(Math.max(...textWidths, ...coarse.map((layout) => layout.width)));
  const height =
    2 * margin + headHeight - blockSpace + coarse.reduce((sum, layout) => sum + blockHeight(layout), 0);

  const isFine = width * height <= fine.pixels && numbersIn(blocks) <= labels.maxBytes * fine.share;
  const density = isFine ? 2 : 1;
  const raster = newRaster(width * density, height * density);
  const text = density === 1 ? sizes : await newTextPainter(textSize * density);
  const large = density === 1 ? titles : await newTextPainter(titleSize * density);
  large.draw(raster, margin * density, (margin + titleSize) * density, [{ text: title, bold: true }]);
  head.draw(raster, text, density);

  let top = margin + headHeight;
  blocks.forEach((block, i) => {
    const layout = density === 1 ? coarse[i]! : layoutBlock(block, { ...own, density });
    text.draw(raster, margin * density, (top + textSize) * density, runsOf(lines[i]!));
    drawBlock(raster, margin * density, (top + lineHeight) * density, {
      ...{ block, layout, painter: text },
      style: { ...own, density },
    });
    top += blockHeight(coarse[i]!);
  });
  return { bytes: encodePng({ ...raster, palette: picturePalette(colorMap) }), width, height };
}

const blockHeight = ({ height }: BlockLayout): number => lineHeight + height + blockSpace;
const runsOf = ({ name, details }: { name: string; details: string }): TextRun[] => [
  { text: name, bold: true },
  { text: `   ${details}`, strength: 0.75 },
];

function numbersIn(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { pictures, shown }) => {
    const { height, width } = pictures[0]!;
    return sum + pictures.length * shown.length * height * width;
  }, 0);
}

function rangeOf(blocks: readonly Block[]): [number, number] {
  const all = blocks.flatMap(({ pictures }) => pictures);
  return [Math.min(...all.map(({ min }) => min)), Math.max(...all.map(({ max }) => max))];
}

interface Note {
  text: string;
  swatch: (raster: Raster, x: number, y: number, density: number) => void;
}

/** What is explained beside the colours: how maps look that are dead, and numbers that are none. */
function notesOf(blocks: readonly Block[]): Note[] {
  const notes: Note[] = [];
  if (blocks.some((block) => block.pictures.some((picture) => hatchedTiles(block, picture).length > 0))) {
    notes.push({
      text: "dead: the same number everywhere",
      swatch: (raster, x, y, density) => {
        hatchRectangle(raster, x, y, swatch * density, swatch * density, density);
      },
    });
  }
  if (blocks.some(({ pictures }) => pictures.some(({ nonFinite }) => nonFinite > 0))) {
    notes.push({
      text: "NaN or infinite",
      swatch: (raster, x, y, density) => {
        fillRectangle(raster, x, y, swatch * density, swatch * density, reserved.alarm);
      },
    });
  }
  return notes;
}

/** The line below the title: a bar of the colours and what its ends mean, and notes. */
function headOf(meaning: string, notes: readonly Note[]) {
  const runs = [{ text: meaning, strength: 0.75 }];
  const runsOfNote = ({ text }: Note): TextRun[] => [{ text, strength: 0.75 }];
  const afterBar = bar.width + 10;
  return {
    width: (painter: TextPainter): number =>
      afterBar +
      painter.measure(runs) +
      notes.reduce((sum, note) => sum + 24 + swatch + 8 + painter.measure(runsOfNote(note)), 0),
    draw(raster: Raster, painter: TextPainter, density: number): void {
      const top = (margin + titleSize + 14) * density;
      const baseline = top + (bar.height - 1) * density;
      const colors = Uint8Array.from({ length: bar.width }, (_, i) => Math.floor((i * 256) / bar.width));
      for (let row = 0; row < bar.height; row++) {
        const tile = { tileWidth: bar.width, tileHeight: 1, columns: 1, factor: density, gap: 0 };
        drawTiles(raster, {
          x: margin * density,
          y: top + row * density,
          layout: layoutTiles(1, tile),
          bytes: colors,
        });
      }
      let end = painter.draw(raster, (margin + afterBar) * density, baseline, runs);
      for (const note of notes) {
        const x = Math.ceil(end) + 24 * density;
        note.swatch(raster, x, top, density);
        end = painter.draw(raster, x + (swatch + 8) * density, baseline, runsOfNote(note));
      }
    },
  };
}
