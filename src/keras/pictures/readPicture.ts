import { InputError } from "../../errors.ts";
import { channelCount, decodePicture, type ColorMode, type Picture } from "./decodePicture.ts";
import { resizeNearest } from "./resizeNearest.ts";

/** How a picture becomes numbers; the names are Keras'. */
export interface PictureOptions {
  /** `[height, width]` to resize to; default `null`: as it is. */
  targetSize?: readonly [number, number] | null;
  /** `"rgb"` (default), `"rgba"` or `"grayscale"`. */
  colorMode?: ColorMode;
  /** `"nearest"`, the default and so far the only one. */
  interpolation?: "nearest";
}

function isPositiveInteger(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

/** Checks the options that {@link readPicture} is given, once for many pictures. */
export function checkPictureOptions(
  { targetSize = null, colorMode = "rgb", interpolation = "nearest" }: PictureOptions,
  who: string,
): void {
  if (targetSize !== null && !(targetSize.length === 2 && targetSize.every(isPositiveInteger))) {
    const found = JSON.stringify(targetSize);
    throw new InputError({ who, expected: "targetSize [height, width] in pixels", found });
  }
  if (!Object.hasOwn(channelCount, colorMode)) {
    const expected = 'colorMode "rgb", "rgba" or "grayscale"';
    throw new InputError({ who, expected, found: JSON.stringify(colorMode) });
  }
  if (interpolation !== "nearest") {
    throw new InputError({ who, expected: 'interpolation "nearest"', found: JSON.stringify(interpolation) });
  }
}

/** Decodes and resizes one picture by options that {@link checkPictureOptions} has seen. */
export async function readPicture(
  path: string,
  { targetSize = null, colorMode = "rgb" }: PictureOptions,
  who: string,
): Promise<Picture> {
  const picture = await decodePicture(path, colorMode, who);
  return targetSize === null ? picture : resizeNearest(picture, targetSize);
}
