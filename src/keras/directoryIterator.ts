import { join } from "node:path";
import type { tf } from "../tensorflow/tf.ts";
import type { Augmenter } from "./generator/augmenter.ts";
import {
  describeFlow,
  pictureFlow,
  type PictureFlow,
  type PictureFlowOptions,
} from "./generator/pictureFlow.ts";
import { splitOf } from "./generator/subset.ts";
import { classTargets, type ClassMode } from "./generator/targets.ts";
import { listPictures } from "./pictures/listPictures.ts";

export type { ClassMode };

/** Options of `flowFromDirectory`; the names are Keras'. */
export interface FlowOptions extends PictureFlowOptions {
  /** The class directories to use, in this order; default: all of them, sorted. */
  classes?: readonly string[];
  /** Targets: one-hot (`"categorical"`, default), class index (`"binary"`, `"sparse"`), the pictures (`"input"`), none (`null`). */
  classMode?: ClassMode;
  /** Whether linked directories are searched. Default false. */
  followLinks?: boolean;
}

/** One batch; whoever takes it from an iterator disposes it. Without `ys` with `classMode: null`. */
export interface PictureBatch {
  xs: tf.Tensor4D;
  ys?: tf.Tensor;
}

/**
 * Pictures in directories of classes, as batches: iterating gives one epoch, and iterating again the next one, newly
 * shuffled. Made by `imageDataGenerator`.
 */
export interface DirectoryIterator extends PictureFlow<{ ys?: tf.Tensor }> {
  /** The index of each class, by name. */
  readonly classIndices: Readonly<Record<string, number>>;
  /** The class of each picture. */
  readonly classes: Int32Array;
  /** The pictures' paths in the directory. */
  readonly filenames: readonly string[];
  /** The pictures' paths. */
  readonly filepaths: readonly string[];
  readonly classMode: ClassMode;
}

/** Lists the pictures, says how many there are, and makes batches of them by options that were checked. */
export function directoryIterator(
  directory: string,
  options: FlowOptions,
  augmenter: Augmenter,
  who: string,
): DirectoryIterator {
  const { classes, classMode = "categorical", followLinks = false, subset, onError = "throw" } = options;
  const split = splitOf(subset, augmenter.settings.validationSplit);
  const list = listPictures(directory, { ...(classes && { classes }), split, followLinks, onError, who });
  const { classNames, filenames, labels } = list;
  const filepaths = filenames.map((name) => join(directory, name));
  process.stdout.write(`Found ${filenames.length} images belonging to ${classNames.length} classes.\n`);
  const targetsOf = (indices: Int32Array, xs: tf.Tensor4D) =>
    classTargets(
      Array.from(indices, (index) => labels[index]!),
      xs,
      classMode,
      classNames.length,
    );
  const flow = pictureFlow(filepaths, options, augmenter, targetsOf, who);
  return describeFlow(flow, { classNames, classes: labels, filenames, filepaths, classMode });
}
