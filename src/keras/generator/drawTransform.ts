import type { TransformParameters } from "./applyTransform.ts";
import type { GeneratorSettings } from "./generatorOptions.ts";

/** Numbers in [0, 1). */
export type Random = () => number;

const uniform = (random: Random, from: number, to: number) => from + (to - from) * random();
const either = (random: Random, range: number) => (range === 0 ? 0 : uniform(random, -range, range));
const choose = (random: Random, values: readonly number[]) => values[Math.floor(random() * values.length)]!;

/** A shift along a side of so many pixels. */
function drawShift(random: Random, range: number | readonly number[], length: number): number {
  if (range === 0) return 0;
  const values = typeof range === "number" ? [range] : range;
  const unit = Math.max(...values) < 1 ? length : 1;
  if (typeof range === "number" && !Number.isInteger(range)) return either(random, range) * unit;
  const chosen = typeof range === "number" ? Math.floor(random() * Math.abs(range)) : choose(random, range);
  return chosen * choose(random, [-1, 1]) * unit;
}

/** Whether anything is left to chance. */
export function isRandom(settings: GeneratorSettings): boolean {
  const { rotationRange, widthShiftRange, heightShiftRange, shearRange, zoomRange } = settings;
  const { channelShiftRange, horizontalFlip, verticalFlip, brightnessRange } = settings;
  const ranges = [rotationRange, widthShiftRange, heightShiftRange, shearRange, channelShiftRange];
  return (
    ranges.some((range) => range !== 0) ||
    zoomRange.some((zoom) => zoom !== 1) ||
    horizontalFlip ||
    verticalFlip ||
    brightnessRange !== null
  );
}

/** Draws what is done to one picture, as Keras' `get_random_transform` does. */
export function drawTransform(
  settings: GeneratorSettings,
  [height, width]: readonly number[],
  random: Random,
): Required<TransformParameters> {
  const { zoomRange, channelShiftRange, brightnessRange } = settings;
  const theta = either(random, settings.rotationRange);
  const tx = drawShift(random, settings.heightShiftRange, height!);
  const ty = drawShift(random, settings.widthShiftRange, width!);
  const shear = either(random, settings.shearRange);
  const zoomed = zoomRange.some((zoom) => zoom !== 1);
  return {
    theta,
    tx,
    ty,
    shear,
    zx: zoomed ? uniform(random, ...zoomRange) : 1,
    zy: zoomed ? uniform(random, ...zoomRange) : 1,
    // Drawn also where there are no flips, so that these do not change what else is drawn.
    flipHorizontal: random() < 0.5 && settings.horizontalFlip,
    flipVertical: random() < 0.5 && settings.verticalFlip,
    channelShiftIntensity: channelShiftRange === 0 ? null : either(random, channelShiftRange),
    brightness: brightnessRange === null ? null : uniform(random, ...brightnessRange),
  };
}
