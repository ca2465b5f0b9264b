import type { LayerActivations } from "./activations.ts";

/**
 * How numbers become brightness, 0 to 255.
 *
 * - `"zscore"`: each channel by itself, its mean at 128 and a standard deviation 64 wide, so that two deviations reach the ends
 *   (Chollet, Deep Learning with Python, chapter on what convnets learn)
 * - `"channel"`: each channel by itself, from its least to its largest number
 * - `"percentile"`: each channel by itself, from its 1st to its 99th percentile
 * - `"layer"`: one scale for the whole layer, so that channels can be compared
 * - `"shared"`: one scale for all layers shown
 */
export type Scale = "zscore" | "channel" | "percentile" | "layer" | "shared";

export const scales: readonly Scale[] = ["zscore", "channel", "percentile", "layer", "shared"];

/** Brightness is number times slope plus offset. */
interface Line {
  slope: number;
  offset: number;
}

/**
 * The chosen channels of a layer as bytes, one map after the other. Maps of one number have no statistics of their own:
 * `"zscore"`, `"channel"` and `"percentile"` take those of the layer for them. What is not finite becomes 0.
 *
 * @param options `chosen`: the channels; `scale`; `range`: [least, largest] of all layers, for the scale `"shared"`
 */
export function normalizeMaps(
  layer: LayerActivations,
  { chosen, scale, range }: { chosen: readonly number[]; scale: Scale; range: readonly [number, number] },
): Uint8Array {
  const { height, width, values, min, max, nonFinite } = layer;
  const finite = (numbers: Float32Array): Float32Array =>
    nonFinite === 0 ? numbers : numbers.filter(Number.isFinite);
  const size = height * width;
  const maps = toMaps(layer, chosen);
  const bytes = new Uint8Array(maps.length);
  for (let start = 0; start < maps.length; start += size) {
    const map = maps.subarray(start, start + size);
    const { slope, offset } = lineOf(scale, finite(size === 1 ? values : map), [min, max], range);
    for (let i = 0; i < size; i++) {
      const level = map[i]! * slope + offset;
      bytes[start + i] = level < 0 ? 0 : level > 255 ? 255 : level;
    }
  }
  return bytes;
}

/** Puts the numbers of a channel beside one another. A row of all maps at a time, so that they are read from the cache. */
function toMaps(
  { values, height, width, channels }: LayerActivations,
  chosen: readonly number[],
): Float32Array {
  const maps = new Float32Array(chosen.length * height * width);
  for (let row = 0; row < height; row++) {
    for (let index = 0; index < chosen.length; index++) {
      let from = row * width * channels + chosen[index]!;
      let to = (index * height + row) * width;
      for (let column = 0; column < width; column++, from += channels) maps[to++] = values[from]!;
    }
  }
  return maps;
}

function lineOf(
  scale: Scale,
  values: Float32Array,
  layer: readonly [number, number],
  all: readonly [number, number],
): Line {
  switch (scale) {
    case "zscore":
      return standardize(values);
    case "channel":
      return spread(percentiles(values, 0, 1));
    case "percentile":
      return spread(percentiles(values, 0.01, 0.99));
    case "layer":
      return spread(layer);
    case "shared":
      return spread(all);
  }
}

function standardize(values: Float32Array): Line {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const distance = values[i]! - mean;
    squares += distance * distance;
  }
  const deviation = Math.sqrt(squares / count);
  return deviation > 0
    ? { slope: 64 / deviation, offset: 128 - (64 * mean) / deviation }
    : { slope: 0, offset: 128 };
}

function spread([low, high]: readonly [number, number]): Line {
  const slope = high > low ? 255 / (high - low) : 0;
  return { slope, offset: -low * slope };
}

/** Two quantiles, by linear interpolation as NumPy does. */
function percentiles(values: Float32Array, from: number, to: number): [number, number] {
  const sorted = values.slice().sort();
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = sorted[Math.floor(position)]!;
    return below + (sorted[Math.ceil(position)]! - below) * (position % 1);
  };
  return [at(from), at(to)];
}
