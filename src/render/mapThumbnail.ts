import { colorMap, type ColorMapName } from "./colorMaps.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** A map of bytes, 0 to 255, in the colours of a map; hatched where it says nothing. */
export function mapThumbnail(
  bytes: Uint8Array,
  {
    width,
    height,
    colors,
    hatched,
  }: { width: number; height: number; colors: ColorMapName; hatched: boolean },
): Thumbnail {
  const table = colorMap(colors);
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const isLine = (Math.floor(i / width) + (i % width)) % 4 === 0;
    for (let part = 0; part < 3; part++) {
      data[4 * i + part] = hatched ? (isLine ? 150 : 236) : table[3 * bytes[i]! + part]!;
    }
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

/**
 * Two pictures below one another, on white, each enlarged by a whole number to about `side` pixels and in the middle; larger ones are
 * made smaller by leaving pixels out.
 */
export function stackThumbnails(above: Thumbnail, below: Thumbnail, side: number, gap: number): Thumbnail {
  const height = 2 * side + gap;
  const data = new Uint8ClampedArray(4 * side * height).fill(255);
  [above, below].forEach((picture, i) => {
    const size = Math.max(picture.width, picture.height);
    const factor = size > side ? side / size : Math.floor(side / size);
    const [w, h] = [Math.floor(picture.width * factor), Math.floor(picture.height * factor)];
    const [left, top] = [Math.floor((side - w) / 2), i * (side + gap) + Math.floor((side - h) / 2)];
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const from = 4 * (Math.floor(y / factor) * picture.width + Math.floor(x / factor));
        data.set(picture.data.subarray(from, from + 4), 4 * ((top + y) * side + left + x));
      }
    }
  });
  return { width: side, height, data };
}
