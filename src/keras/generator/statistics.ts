import type { GeneratorSettings } from "./generatorOptions.ts";
import { whiteningMatrix } from "./whiteningMatrix.ts";

/** What all pictures have in common; `null` what is not asked for, or not known yet. */
export interface Statistics {
  /** For each channel. */
  mean: Float32Array | null;
  /** For each channel. */
  std: Float32Array | null;
  /** As many rows and columns as a picture has values. */
  zcaWhiteningMatrix: Float32Array | null;
}

export const noStatistics: Statistics = { mean: null, std: null, zcaWhiteningMatrix: null };

/** What is added to deviations before they divide, as in Keras. */
export const tiny = 1e-6;

/** The mean over all pixels of each channel, of `of(value, channel)`. */
function meanOf(data: Float32Array, channels: number, of: (value: number, channel: number) => number) {
  const sums = new Float64Array(channels);
  for (let at = 0; at < data.length; at += channels) {
    for (let channel = 0; channel < channels; channel++) sums[channel]! += of(data[at + channel]!, channel);
  }
  return Float32Array.from(sums, (sum) => sum / (data.length / channels));
}

/**
 * Keras' `fit`: mean, deviation and whitening of pictures of `[height, width, channels]`, one after the other in `data`, which is changed
 * as far as they have been found.
 */
export function statisticsOf(
  data: Float32Array,
  size: number,
  channels: number,
  settings: GeneratorSettings,
): Statistics {
  const result = { ...noStatistics };
  const change = (next: (value: number, channel: number) => number) => {
    for (let at = 0; at < data.length; at++) data[at] = next(data[at]!, at % channels);
  };
  if (settings.featurewiseCenter) {
    const mean = meanOf(data, channels, (value) => value);
    change((value, channel) => value - mean[channel]!);
    result.mean = mean;
  }
  if (settings.featurewiseStdNormalization) {
    const centre = meanOf(data, channels, (value) => value);
    const variance = meanOf(data, channels, (value, channel) => (value - centre[channel]!) ** 2);
    const std = variance.map(Math.sqrt);
    change((value, channel) => value / (std[channel]! + tiny));
    result.std = std;
  }
  if (settings.zcaWhitening) result.zcaWhiteningMatrix = whiteningMatrix(data, size, settings.zcaEpsilon);
  return result;
}
