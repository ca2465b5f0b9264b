import type { FloatImage } from "./floatImage.ts";

/** The least and the greatest of a picture's values. */
function rangeOf(data: Float32Array): [number, number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of data) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

/** Adds `intensity` to every value, clipped to the picture's own range: Keras' `apply_channel_shift`. */
export function shiftChannels(image: FloatImage, intensity: number): FloatImage {
  const [least, greatest] = rangeOf(image.data);
  const data = image.data.map((value) => Math.min(Math.max(value + Math.fround(intensity), least), greatest));
  return { ...image, data };
}

/** Values from 0 to 255 of a picture of any range, as Keras' `array_to_img` scales them before it saves a picture. */
export function scaleToBytes({ data }: FloatImage): Uint8Array {
  const [least] = rangeOf(data);
  const shifted = data.map((value) => value - least);
  const [, greatest] = rangeOf(shifted);
  return Uint8Array.from(shifted, (value) =>
    greatest === 0 ? value : Math.fround(Math.fround(value / greatest) * 255),
  );
}

/** A blend of black and a level, in Pillow's single precision. */
function brighten(level: number, factor: number): number {
  const value = Math.trunc(Math.fround(Math.fround(factor) * level));
  return Math.min(Math.max(value, 0), 255);
}

/**
 * Multiplies levels, as Keras' `apply_brightness_shift` does by Pillow: in whole levels from 0 to 255, to which pictures with values beyond
 * are scaled, and back. Opacity stays.
 */
export function changeBrightness(image: FloatImage, factor: number): FloatImage {
  const [least, greatest] = rangeOf(image.data);
  const scaled = least < 0 || greatest > 255;
  const levels = scaled ? scaleToBytes(image) : Uint8Array.from(image.data);
  const data = Float32Array.from(levels, (level, index) =>
    image.channels === 4 && index % 4 === 3 ? level : brighten(level, factor),
  );
  if (scaled) {
    const length = Math.fround(greatest - least);
    data.forEach((level, index) => (data[index] = Math.fround(Math.fround(level / 255) * length) + least));
  }
  return { ...image, data };
}
