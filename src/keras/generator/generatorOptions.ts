import { InputError } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { checkKnown } from "../training/checkKnown.ts";
import { fills, type FillMode } from "./fillModes.ts";

/** Options of `imageDataGenerator`; the names are Keras', and so are the defaults. */
export interface ImageDataGeneratorOptions {
  /** Subtracts the mean of all pictures, for each channel; needs `fit`. Default false. */
  featurewiseCenter?: boolean;
  /** Subtracts each picture's own mean. Default false. */
  samplewiseCenter?: boolean;
  /** Divides by the standard deviation of all pictures, for each channel; centres too; needs `fit`. Default false. */
  featurewiseStdNormalization?: boolean;
  /** Divides by each picture's own standard deviation; centres too. Default false. */
  samplewiseStdNormalization?: boolean;
  /** Removes correlations between values (ZCA whitening); centres too, instead of dividing by deviations; needs `fit`. Default false. */
  zcaWhitening?: boolean;
  /** What is added to singular values before whitening divides by them. Default 1e-6. */
  zcaEpsilon?: number;
  /** Turns by up to so many degrees. Default 0. */
  rotationRange?: number;
  /** Shifts across: below 1 as a part of the width; a whole number n: by whole pixels, fewer than n; else pixels; a list: one of these, to either side. Default 0. */
  widthShiftRange?: number | readonly number[];
  /** Shifts down or up, in the same way. Default 0. */
  heightShiftRange?: number | readonly number[];
  /** `[from, to]` of a factor for brightness. Default `null`: none. */
  brightnessRange?: readonly [number, number] | null;
  /** Shears by up to so many degrees. Default 0. */
  shearRange?: number;
  /** `[from, to]` of a factor for the part that is seen; a number z is `[1 - z, 1 + z]`. Default 0. */
  zoomRange?: number | readonly [number, number];
  /** Adds up to so much to all channels. Default 0. */
  channelShiftRange?: number;
  /** What lies beyond the borders: `"nearest"` (default), `"constant"`, `"reflect"` or `"wrap"`. */
  fillMode?: FillMode;
  /** The value beyond the borders with `fillMode: "constant"`. Default 0. */
  cval?: number;
  /** Mirrors every other picture, at random. Default false. */
  horizontalFlip?: boolean;
  /** Turns every other picture upside down, at random. Default false. */
  verticalFlip?: boolean;
  /** A factor for every value. Default `null`: none. */
  rescale?: number | null;
  /** What is done to each picture (`[height, width, channels]`, 0 to 255) after the random changes and before all else; default `null`. */
  preprocessingFunction?: ((picture: tf.Tensor3D) => tf.Tensor3D) | null;
  /** The part of the data, from its beginning, that `subset: "validation"` takes. Default 0. */
  validationSplit?: number;
  /** 1 (default) weighs four neighbours where a picture is moved, 0 takes the nearest. */
  interpolationOrder?: 0 | 1;
  /** What batches consist of: `"float32"` (default), or `"int32"`, cut to whole numbers. */
  dtype?: "float32" | "int32";
}

/** The options with everything decided. */
export type GeneratorSettings = Required<Omit<ImageDataGeneratorOptions, "zoomRange">> & {
  zoomRange: readonly [number, number];
};

const who = "imageDataGenerator";

const defaults: GeneratorSettings = {
  featurewiseCenter: false,
  samplewiseCenter: false,
  featurewiseStdNormalization: false,
  samplewiseStdNormalization: false,
  zcaWhitening: false,
  zcaEpsilon: 1e-6,
  rotationRange: 0,
  widthShiftRange: 0,
  heightShiftRange: 0,
  brightnessRange: null,
  shearRange: 0,
  zoomRange: [1, 1],
  channelShiftRange: 0,
  fillMode: "nearest",
  cval: 0,
  horizontalFlip: false,
  verticalFlip: false,
  rescale: null,
  preprocessingFunction: null,
  validationSplit: 0,
  interpolationOrder: 1,
  dtype: "float32",
};

const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
const isPair = (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(isNumber);
const isNumbers = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isNumber);
const isOneOf = (values: readonly unknown[]) => ({
  test: (value: unknown) => values.includes(value),
  expected: values.map((value) => JSON.stringify(value)).join(", "),
});
const number = { test: isNumber, expected: "a number" };
const flag = { test: (value: unknown) => typeof value === "boolean", expected: "true or false" };
const shift = {
  test: (value: unknown) => isNumber(value) || isNumbers(value),
  expected: "a number or a list of numbers",
};

/** What each option may be. */
const rules: Record<keyof GeneratorSettings, { test: (value: unknown) => boolean; expected: string }> = {
  featurewiseCenter: flag,
  samplewiseCenter: flag,
  featurewiseStdNormalization: flag,
  samplewiseStdNormalization: flag,
  zcaWhitening: flag,
  zcaEpsilon: number,
  rotationRange: number,
  widthShiftRange: shift,
  heightShiftRange: shift,
  brightnessRange: { test: (value) => value === null || isPair(value), expected: "[from, to] or null" },
  shearRange: number,
  zoomRange: { test: (value) => isNumber(value) || isPair(value), expected: "a number or [from, to]" },
  channelShiftRange: number,
  fillMode: isOneOf(Object.keys(fills)),
  cval: number,
  horizontalFlip: flag,
  verticalFlip: flag,
  rescale: { test: (value) => value === null || isNumber(value), expected: "a number or null" },
  preprocessingFunction: {
    test: (value) => value === null || typeof value === "function",
    expected: "a function or null",
  },
  validationSplit: {
    test: (value) => isNumber(value) && (value as number) >= 0 && (value as number) < 1,
    expected: "from 0 to below 1",
  },
  interpolationOrder: isOneOf([0, 1]),
  dtype: isOneOf(["float32", "int32"]),
};

/**
 * Checks the options and decides what was left open.
 *
 * @throws InputError for an option that is unknown or cannot be so
 */
export function generatorSettings(options: ImageDataGeneratorOptions): GeneratorSettings {
  checkKnown(who, options, Object.keys(rules));
  for (const [name, value] of Object.entries(options)) {
    const { test, expected } = rules[name as keyof GeneratorSettings];
    if (value === undefined || test(value)) continue;
    throw new InputError({ who, expected: `${name} ${expected}`, found: JSON.stringify(value) });
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings = { ...defaults, ...given } as GeneratorSettings;
  const { zoomRange = 0 } = options;
  settings.zoomRange = typeof zoomRange === "number" ? [1 - zoomRange, 1 + zoomRange] : zoomRange;
  if (settings.rescale === 0) settings.rescale = null;
  // What one step needs of another is switched on, and off, as in Keras.
  if (settings.zcaWhitening) settings.featurewiseStdNormalization = false;
  settings.featurewiseCenter ||= settings.zcaWhitening || settings.featurewiseStdNormalization;
  settings.samplewiseCenter ||= settings.samplewiseStdNormalization;
  return settings;
}
