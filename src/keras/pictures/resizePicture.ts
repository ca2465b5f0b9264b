import { premultiply, unpremultiply } from "./alpha.ts";
import type { Picture } from "./decodePicture.ts";
import { filters } from "./filters.ts";
import { resample, type Stretch } from "./resample.ts";
import { resizeNearest } from "./resizeNearest.ts";

/** How samples are found when a picture is resized; the names are Keras'. */
export type Interpolation = "nearest" | keyof typeof filters;

export const interpolations: readonly string[] = ["nearest", ...Object.keys(filters)];

/** The largest part in the middle that has the proportions of the target, in whole samples as in Keras. */
export function middle(source: number, other: number, target: number, otherTarget: number): Stretch {
  const length = Math.min(source, Math.floor((other * target) / otherTarget));
  return { start: Math.floor((source - length) / 2), length };
}

/**
 * Resizes to `[height, width]` as Keras' `load_img` does.
 *
 * @param options `interpolation`; `keepAspectRatio`: cuts away what is too much at two sides instead of distorting
 */
export function resizePicture(
  picture: Picture,
  [height, width]: readonly [number, number],
  { interpolation, keepAspectRatio }: { interpolation: Interpolation; keepAspectRatio: boolean },
): Picture {
  if (picture.height === height && picture.width === width) return picture;
  const part = {
    down: keepAspectRatio
      ? middle(picture.height, picture.width, height, width)
      : { start: 0, length: picture.height },
    across: keepAspectRatio
      ? middle(picture.width, picture.height, width, height)
      : { start: 0, length: picture.width },
  };
  if (interpolation === "nearest") return resizeNearest(picture, [height, width], part);
  const filter = filters[interpolation];
  if (picture.channels !== 4) return resample(picture, [height, width], filter, part);
  return unpremultiply(resample(premultiply(picture), [height, width], filter, part));
}
