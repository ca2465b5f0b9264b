import { colorMap, type ColorMapName } from "./colorMaps.ts";

/** How many of the 256 indices of a picture hold colours of the map; the others are for what is not a value. */
export const mapLevels = 240;

/** The indices that do not stand for a value. */
export const reserved = {
  gap: 240,
  hatchPaper: 241,
  hatchLine: 242,
  alarm: 243,
  page: 244,
  ink: 255,
} as const;

type Color = readonly [number, number, number];
const white: Color = [255, 255, 255];
const slate: Color = [128, 158, 198];
const hatchPaper: Color = [236, 236, 236];
const hatchLine: Color = [150, 150, 150];
/** No colour of any map comes near it. */
const alarm: Color = [255, 0, 200];
const ink: Color = [31, 35, 40];

/** The index of a byte (0 to 255) in the colour map. */
export const levelOf = Uint8Array.from({ length: 256 }, (_, byte) => (byte * mapLevels) >> 8);

/** The index of text that covers a part (0 to 1) of a pixel: from the colour of the page to that of ink. */
export function inkIndex(coverage: number): number {
  return reserved.page + Math.round(coverage * (reserved.ink - reserved.page));
}

/**
 * The palette of a picture: {@link mapLevels} colours of the map, then gap, hatching, the colour of what is
 * no number, and twelve steps from page to ink. The gap
 * between maps is white, or slate where the map itself comes near white, so that no value looks like a gap.
 */
export function picturePalette(name: ColorMapName): Uint8Array {
  const map = colorMap(name);
  const palette = new Uint8Array(256 * 3);
  for (let level = 0; level < mapLevels; level++) {
    const source = 3 * Math.round((level * 255) / (mapLevels - 1));
    palette.set(map.subarray(source, source + 3), 3 * level);
  }
  palette.set(comesNear(palette.subarray(0, 3 * mapLevels), white) ? slate : white, 3 * reserved.gap);
  palette.set(hatchPaper, 3 * reserved.hatchPaper);
  palette.set(hatchLine, 3 * reserved.hatchLine);
  palette.set(alarm, 3 * reserved.alarm);
  for (let index = reserved.page; index <= reserved.ink; index++) {
    const share = (index - reserved.page) / (reserved.ink - reserved.page);
    palette.set(
      white.map((from, i) => Math.round(from + share * (ink[i]! - from))),
      3 * index,
    );
  }
  return palette;
}

function comesNear(colors: Uint8Array, [red, green, blue]: Color): boolean {
  for (let i = 0; i < colors.length; i += 3) {
    if (Math.hypot(colors[i]! - red, colors[i + 1]! - green, colors[i + 2]! - blue) < 48) return true;
  }
  return false;
}
