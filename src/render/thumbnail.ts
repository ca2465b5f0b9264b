import sharp from "sharp";
import { InputError } from "../errors.ts";

/** A picture for looking at: red, green, blue, alpha of each pixel. */
export interface Thumbnail {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/**
 * Reads a picture from a file, upright, made smaller where it is larger than `size` pixels in either direction.
 *
 * @throws InputError when there is no such picture
 */
export async function readThumbnail(path: string, size: number, who: string): Promise<Thumbnail> {
  try {
    const { data, info } = await sharp(path)
      .rotate()
      .resize(size, size, { fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
  } catch (cause) {
    throw new InputError({
      who,
      expected: "a picture",
      found: `${path} (${(cause as Error).message})`,
      cause,
    });
  }
}

/**
 * Makes a picture of numbers with 1 (grey), 3 or 4 channels.
 *
 * @param range the numbers that become black and white
 */
export function valuesToThumbnail(
  values: Float32Array,
  {
    width,
    height,
    channels,
    range: [low, high],
  }: { width: number; height: number; channels: number; range: readonly [number, number] },
): Thumbnail {
  const data = new Uint8ClampedArray(4 * width * height);
  const slope = high > low ? 255 / (high - low) : 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let i = 0; i < 4; i++) {
      const source = channels === 1 && i < 3 ? 0 : i;
      data[4 * pixel + i] = source < channels ? (values[pixel * channels + source]! - low) * slope : 255;
    }
  }
  return { width, height, data };
}
