import type { ColorMode } from "../pictures/decodePicture.ts";
import type { DatasetInterpolation } from "../pictures/spanWeights.ts";

/** Targets of a dataset: class indices, one-hot, 0 and 1 of two classes, or none. */
export type LabelMode = "int" | "categorical" | "binary" | null;

/** Options of `imageDatasetFromDirectory`; the names are Keras'. */
export interface ImageDatasetOptions {
  /** `"inferred"` (default) from the directories' names; a list with a number for each file, in the files' order; `null`: none. */
  labels?: "inferred" | readonly number[] | null;
  /** `"int"` (default): int32 `[batch]`; `"categorical"`: float32 `[batch, classes]`; `"binary"`: float32 `[batch, 1]`; `null`: none. */
  labelMode?: LabelMode;
  /** The class directories to use, in this order; default: all of them, sorted. */
  classNames?: readonly string[];
  /** `"rgb"` (default), `"rgba"` or `"grayscale"`. */
  colorMode?: ColorMode;
  /** Pictures in a batch; the last batch of an epoch may have fewer. Default 32. */
  batchSize?: number;
  /** `[height, width]` of every picture, or the side of a square; default `[256, 256]`. */
  imageSize?: readonly [number, number] | number;
  /** Whether each epoch has its own order; false: files in the order of their names. Default true. */
  shuffle?: boolean;
  /** Makes orders repeatable; they are not NumPy's. Needed where a shuffled set is split. Default: none. */
  seed?: number;
  /** The part of the files, from the end of the shuffled list, that is for validation. Default: none. */
  validationSplit?: number;
  /** Which part to give, with `validationSplit`; `"both"` gives two datasets. */
  subset?: "training" | "validation" | "both";
  /** `"bilinear"` (default), `"nearest"`, `"bicubic"`, `"area"`, `"lanczos3"`, `"lanczos5"`, `"gaussian"`, `"mitchellcubic"`. */
  interpolation?: DatasetInterpolation;
  /** Whether linked directories are searched. Default false. */
  followLinks?: boolean;
  /** Whether what is too much at two sides is cut away, so that nothing is distorted. Default false. */
  cropToAspectRatio?: boolean;
  /** Whether black is added at two sides, so that nothing is distorted. Default false. */
  padToAspectRatio?: boolean;
  /** Whether it is said how many files there are. Default true. */
  verbose?: boolean;
  /** How many bytes of resized pictures are kept between epochs. Default 256 MiB. */
  cacheBytes?: number;
  /** What is done about a picture that cannot be read: `"throw"` (default), or `"skip"`, which says once how many there were. */
  onError?: "throw" | "skip";
  /** Stops the batches. Default: none; `fit` stops by its own. */
  signal?: AbortSignal;
}
