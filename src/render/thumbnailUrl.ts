import { encodePng } from "./png.ts";
import { shrinkThumbnail } from "./shrinkThumbnail.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** For one pixel of the screen: a chart has many pictures, and each is in the notebook twice. */
const sharpness = 1.5;

/**
 * A small picture as a `data:` URL for charts that draw it with a longer side of `size`: enlarged by a whole number, pixel by pixel, to at
 * least that; a larger one is made smaller.
 */
export function thumbnailUrl(thumbnail: Thumbnail, size: number): string {
  const { width, height, data } = shrinkThumbnail(thumbnail, sharpness * size);
  const factor = Math.max(1, Math.ceil(size / Math.max(width, height)));
  const pixels = new Uint8Array(3 * width * height * factor * factor);
  for (let y = 0, to = 0; y < height * factor; y++) {
    for (let x = 0; x < width * factor; x++) {
      const from = 4 * (Math.floor(y / factor) * width + Math.floor(x / factor));
      for (let i = 0; i < 3; i++) pixels[to++] = data[from + i]!;
    }
  }
  const png = encodePng({ width: width * factor, height: height * factor, data: pixels, channels: 3 });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
