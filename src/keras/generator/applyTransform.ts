import { affineMap, warp, type AffineParameters, type Sampling } from "./affineTransform.ts";
import { changeBrightness, shiftChannels } from "./colourTransforms.ts";
import { flipHorizontally, flipVertically } from "./flips.ts";
import type { FloatImage } from "./floatImage.ts";

/** What is done to a picture, in Keras' words; what is left out is not done. */
export interface TransformParameters extends AffineParameters {
  flipHorizontal?: boolean;
  flipVertical?: boolean;
  /** What is added to every value; `null`: nothing. */
  channelShiftIntensity?: number | null;
  /** A factor for every level; `null`: none. */
  brightness?: number | null;
}

/** Does it, in Keras' order. A picture that nothing is done to is given back as it is. */
export function applyTransform(
  image: FloatImage,
  parameters: TransformParameters,
  sampling: Sampling,
): FloatImage {
  const { channelShiftIntensity = null, flipHorizontal, flipVertical, brightness = null } = parameters;
  const map = affineMap(parameters, image.height, image.width);
  let result = map === undefined ? image : warp(image, map, sampling);
  if (channelShiftIntensity !== null) result = shiftChannels(result, channelShiftIntensity);
  if (flipHorizontal) result = flipHorizontally(result);
  if (flipVertical) result = flipVertically(result);
  return brightness === null ? result : changeBrightness(result, brightness);
}
