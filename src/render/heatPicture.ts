import { colorMap, type ColorMapName } from "./colorMaps.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** Numbers of which each becomes a pixel, and what their colours mean. */
export interface HeatScale {
  colors: ColorMapName;
  /** The numbers at the two ends of the colour map; what is beyond has the colour of the end. */
  low: number;
  high: number;
}

/** What is not a number: grey, in a pattern that no colour map has. */
const unknown = [
  [120, 120, 120],
  [200, 200, 200],
] as const;

/** Draws numbers by a colour map. */
export function drawHeat(
  values: ArrayLike<number>,
  { width, height }: { width: number; height: number },
  { colors, low, high }: HeatScale,
): Thumbnail {
  const table = colorMap(colors);
  const data = new Uint8ClampedArray(4 * width * height);
  const slope = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < width * height; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) {
      const level = Math.round(Math.min(255, Math.max(0, (value - low) * slope)));
      data.set(table.subarray(3 * level, 3 * level + 3), 4 * i);
    } else {
      data.set(unknown[((i % width) + Math.floor(i / width)) % 2]!, 4 * i);
    }
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

/** How much of the heat is seen over a picture: where there is none, and where it is strongest. */
const opacity = { least: 0.2, most: 0.75 };

/**
 * Lays numbers by their colours over a picture of the same size: the more, the further a number is from 0. The picture below is grey,
 * so that all colour is heat.
 */
export function overlayHeat(below: Thumbnail, values: ArrayLike<number>, scale: HeatScale): Thumbnail {
  const { width, height, data: heat } = drawHeat(values, below, scale);
  const data = new Uint8ClampedArray(heat.length);
  const most = Math.max(Math.abs(scale.low), Math.abs(scale.high));
  for (let i = 0; i < width * height; i++) {
    const strength = most > 0 ? Math.min(1, Math.abs(values[i]!) / most) : 0;
    const share = opacity.least + (opacity.most - opacity.least) * (Number.isNaN(strength) ? 1 : strength);
    const [red = 0, green = 0, blue = 0] = below.data.subarray(4 * i);
    const gray = 0.299 * red + 0.587 * green + 0.114 * blue;
    for (let part = 0; part < 3; part++) {
      data[4 * i + part] = gray * (1 - share) + heat[4 * i + part]! * share;
    }
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}
