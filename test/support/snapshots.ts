import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import sharp from "sharp";
import { root } from "./paths.ts";

/** The edges of letters may differ by a shade from one processor to another. */
const tolerance = 32;

const fileOf = (name: string): string => `${root}/test/fixtures/views/${name}`;

/** Where what was found is left, to be looked at and to take the place of what is kept. */
const changedName = (name: string): string => name.replace(/(\.\w+)$/, "-changed$1");

/** Compares a PNG with the one kept under this name, pixel by pixel; the first time it is kept. */
export async function looksAsKept(png: Uint8Array, name: string): Promise<void> {
  if (!existsSync(fileOf(name))) writeFileSync(fileOf(name), await makeSmaller(png));
  const isSame = await looksTheSame(readFileSync(fileOf(name)), png);
  if (!isSame) writeFileSync(fileOf(changedName(name)), await makeSmaller(png));
  assert.ok(isSame, `see ${changedName(name)}`);
}

async function looksTheSame(...pngs: [Uint8Array, Uint8Array]): Promise<boolean> {
  const [first, second] = await Promise.all(
    pngs.map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })),
  );
  return (
    first!.info.width === second!.info.width &&
    first!.data.length === second!.data.length &&
    first!.data.every((value, i) => Math.abs(value - second!.data[i]!) <= tolerance)
  );
}

/** The picture with 256 colours, where that is a smaller file that looks the same. */
async function makeSmaller(png: Uint8Array): Promise<Uint8Array> {
  const small = await sharp(png).png({ palette: true, dither: 0 }).toBuffer();
  return small.length < png.length && (await looksTheSame(small, png)) ? small : png;
}

/** Compares an SVG or HTML with the text kept under this name, numbers to one decimal; the first time it is kept. */
export function readsAsKept(text: string, name: string): void {
  const found = `${text
    .replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10 || 0))
    // Vega numbers gradients and clips through all charts of a process.
    .replace(/\b(gradient_|clip)\d+/g, "$1")
    // A line for each element, so that a difference is found.
    .replaceAll("><", ">\n<")}\n`;
  if (!existsSync(fileOf(name))) writeFileSync(fileOf(name), found);
  const isSame = readFileSync(fileOf(name), "utf8") === found;
  if (!isSame) writeFileSync(fileOf(changedName(name)), found);
  assert.ok(isSame, `see ${changedName(name)}`);
}
