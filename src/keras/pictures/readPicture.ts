import { InputError } from "../../errors.ts";
import {
  channelCount,
  decodePicture,
  type ColorMode,
  type Picture,
  type PictureSource,
} from "./decodePicture.ts";
import { interpolations, resizePicture, type Interpolation } from "./resizePicture.ts";

/** How a picture becomes numbers; the names are Keras'. */
export interface PictureOptions {
  /** `[height, width]` to resize to; default `null`: as it is. */
  targetSize?: readonly [number, number] | null;
  /** `"rgb"` (default), `"rgba"` or `"grayscale"`. */
  colorMode?: ColorMode;
  /** How it is resized: `"nearest"` (default), `"bilinear"`, `"bicubic"`, `"hamming"`, `"box"` or `"lanczos"`. */
  interpolation?: Interpolation;
  /** Whether what is too much at two sides is cut away, so that nothing is distorted. Default false. */
  keepAspectRatio?: boolean;
}

function isPositiveInteger(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

export const pictureOptions: readonly (keyof PictureOptions)[] = [
  ...(["colorMode", "interpolation", "keepAspectRatio", "targetSize"] as const),
];

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
  if (!interpolations.includes(interpolation)) {
    const expected = `interpolation ${interpolations.map((name) => JSON.stringify(name)).join(", ")}`;
    throw new InputError({ who, expected, found: JSON.stringify(interpolation) });
  }
}

/** Decodes and resizes one picture by options that {@link checkPictureOptions} has seen. */
export async function readPicture(
  source: PictureSource,
  {
    targetSize = null,
    colorMode = "rgb",
    interpolation = "nearest",
    keepAspectRatio = false,
  }: PictureOptions,
  who: string,
): Promise<Picture> {
  const picture = await decodePicture(source, { colorMode }, who);
  if (targetSize === null) return picture;
  return resizePicture(picture, targetSize, { interpolation, keepAspectRatio });
}
