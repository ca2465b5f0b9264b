import { createRequire } from "node:module";
import { inkIndex } from "./palette.ts";
import type { Raster } from "./raster.ts";

type Canvas = typeof import("canvas");

/** The family under which DejaVu Sans is registered: a name of our own, so that no other version of the machine is taken. */
export const fontFamily = "Convoscope Sans";

/** The family of DejaVu Sans Mono, which has all box characters. */
export const monospaceFamily = "Convoscope Mono";

const fontFiles = [
  ["DejaVuSans.ttf", fontFamily],
  ["DejaVuSans-Bold.ttf", fontFamily],
  ["DejaVuSansMono.ttf", monospaceFamily],
] as const;

let loaded: Promise<Canvas> | undefined;

/**
 * The canvas with the fonts of the package registered, so that pictures look the same on every machine, also on one
 * without any font. Loaded when the first text is drawn: the canvas takes 70 ms to load.
 */
export function loadCanvas(): Promise<Canvas> {
  loaded ??= import("canvas").then((canvas) => {
    const { resolve } = createRequire(import.meta.url);
    for (const [file, family] of fontFiles) {
      canvas.GlobalFonts.registerFromPath(resolve(`dejavu-fonts-ttf/ttf/${file}`), family);
    }
    return canvas;
  });
  return loaded;
}

/** A piece of a line of text. */
export interface TextRun {
  text: string;
  /** Default false. */
  bold?: boolean;
  /** How dark, 0 to 1: default 1. */
  strength?: number;
}

/** Draws lines of text on rasters, in one size. */
export interface TextPainter {
  /** The width of a line of runs. */
  measure(runs: readonly TextRun[]): number;
  /** Draws a line with its baseline at y. Returns where it ends. */
  draw(raster: Raster, x: number, y: number, runs: readonly TextRun[]): number;
}

/** A font as canvases take it. */
export const fontOf = (size: number, bold = false): string =>
  `${bold ? "bold " : ""}${String(size)}px "${fontFamily}"`;

/** A painter for letters of `size` pixels. */
export async function newTextPainter(size: number): Promise<TextPainter> {
  const { createCanvas } = await loadCanvas();
  const ascent = Math.ceil(size * 1.05);
  const lineHeight = ascent + Math.ceil(size * 0.35);
  const ruler = createCanvas(1, 1).getContext("2d");

  function measure(runs: readonly TextRun[]): number {
    return runs.reduce((width, { text, bold }) => {
      ruler.font = fontOf(size, bold);
      return width + ruler.measureText(text).width;
    }, 0);
  }

  function draw(raster: Raster, x: number, y: number, runs: readonly TextRun[]): number {
    const end = x + measure(runs);
    const width = Math.min(Math.ceil(end) + 1, raster.width) - x;
    const context = createCanvas(width, lineHeight).getContext("2d");
    let at = 0;
    for (const { text, bold, strength = 1 } of runs) {
      context.font = fontOf(size, bold);
      context.fillStyle = `rgba(0,0,0,${String(strength)})`;
      context.fillText(text, at, ascent);
      at += context.measureText(text).width;
    }
    const { data } = context.getImageData(0, 0, width, lineHeight);
    for (let row = 0; row < lineHeight; row++) {
      const target = y - ascent + row;
      if (target < 0 || target >= raster.height) continue;
      for (let column = 0; column < width; column++) {
        const coverage = data[4 * (row * width + column) + 3]!;
        if (coverage > 0) raster.data[target * raster.width + x + column] = inkIndex(coverage / 255);
      }
    }
    return end;
  }

  return { measure, draw };
}
