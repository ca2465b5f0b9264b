import type { Thumbnail } from "./thumbnail.ts";

/** A picture whose longer side is at most `longest` pixels: each pixel is the mean of what it covers of the larger one. */
export function shrinkThumbnail(picture: Thumbnail, longest: number): Thumbnail {
  const scale = longest / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  const [width, height] = [picture.width, picture.height].map((length) =>
    Math.max(1, Math.round(length * scale)),
  ) as [number, number];
  const columns = coverings(picture.width, width);
  const data = new Uint8ClampedArray(4 * width * height);
  let to = 0;
  for (const row of coverings(picture.height, height)) {
    for (const column of columns) {
      for (let part = 0; part < 4; part++) {
        let sum = 0;
        for (const { at: y, share: down } of row) {
          for (const { at: x, share: across } of column)
            sum += down * across * picture.data[4 * (y * picture.width + x) + part]!;
        }
        data[to++] = sum;
      }
    }
  }
  return { width, height, data };
}

/** Which pixels of `from` in a row each of `to` covers, and which share of it each of them is. */
function coverings(from: number, to: number): { at: number; share: number }[][] {
  const length = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * length, Math.min((i + 1) * length, from)];
    const first = Math.floor(start);
    return Array.from({ length: Math.ceil(end) - first }, (_, j) => {
      const at = first + j;
      return { at, share: (Math.min(at + 1, end) - Math.max(at, start)) / length };
    });
  });
}
