import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { checkBatches, checkOneOf } from "./generator/checkFlow.ts";
import { findDatasetFiles, type DatasetFiles } from "./generator/datasetFiles.ts";
import type { ImageDatasetOptions } from "./generator/datasetOptions.ts";
import { epochsOf, type Epochs } from "./generator/epochs.ts";
import { randomOf } from "./generator/randomOf.ts";
import { oneHot } from "./generator/targets.ts";
import { channelCount } from "./pictures/decodePicture.ts";
import { picturesDecoder } from "./pictures/decodePictures.ts";
import { PictureStore } from "./pictures/pictureStore.ts";
import { checkKnown } from "./training/checkKnown.ts";
import { checkPictureOptions } from "./pictures/readPicture.ts";
import { resizeFloat } from "./pictures/resizeFloat.ts";
import { datasetInterpolations } from "./pictures/spanWeights.ts";
import { permutation } from "./training/permutation.ts";

export type { ImageDatasetOptions };

/** Pictures of a directory as batches, float32 from 0 to 255: iterating gives one epoch, and iterating again the next one. */
export interface ImageDataset extends Epochs<{ xs: tf.Tensor4D; ys?: tf.Tensor }> {
  /** The classes in the order of their numbers; `null` without labels. */
  readonly classNames: readonly string[] | null;
  /** The files, in the order of the shuffled list. */
  readonly filePaths: readonly string[];
}

const who = "imageDatasetFromDirectory";
const labelModes = ["int", "categorical", "binary", null];

const known: readonly (keyof ImageDatasetOptions)[] = [
  ...(["batchSize", "cacheBytes", "classNames", "colorMode", "cropToAspectRatio", "followLinks"] as const),
  ...(["imageSize", "interpolation", "labelMode", "labels", "onError", "padToAspectRatio", "seed"] as const),
  ...(["shuffle", "signal", "subset", "validationSplit", "verbose"] as const),
];

function checkOptions(options: ImageDatasetOptions, size: readonly [number, number]): void {
  checkKnown(who, options, known);
  const { batchSize = 32, seed, shuffle = true, validationSplit = 0, subset } = options;
  const { interpolation = "bilinear", cropToAspectRatio, padToAspectRatio } = options;
  checkPictureOptions({ targetSize: size, ...(options.colorMode && { colorMode: options.colorMode }) }, who);
  checkBatches({ batchSize, ...(seed !== undefined && { seed }) }, 0, who);
  checkOneOf("interpolation", interpolation, datasetInterpolations, who);
  checkOneOf("labelMode", options.labelMode === undefined ? "int" : options.labelMode, labelModes, who);
  checkOneOf("subset", subset, [undefined, "training", "validation", "both"], who);
  checkOneOf("onError", options.onError ?? "throw", ["throw", "skip"], who);
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    throw new InputError({
      who,
      expected: "validationSplit between 0 and 1",
      found: String(validationSplit),
    });
  }
  if ((validationSplit === 0) !== (subset === undefined)) {
    const found = subset === undefined ? "validationSplit alone" : `subset "${subset}" alone`;
    throw new InputError({ who, expected: "validationSplit and subset together", found });
  }
  if (validationSplit > 0 && shuffle && seed === undefined) {
    const fix = "so that the two subsets have no picture in common, or set shuffle: false";
    throw new InputError({ who, expected: "a seed with validationSplit", found: "none", fix });
  }
  if (cropToAspectRatio && padToAspectRatio) {
    throw new InputError({ who, expected: "cropToAspectRatio or padToAspectRatio", found: "both" });
  }
}

function targets(
  labels: readonly number[],
  labelMode: "int" | "categorical" | "binary",
  count: number,
): tf.Tensor {
  if (labelMode === "int") return tf.tensor1d([...labels], "int32");
  if (labelMode === "binary") return tf.tensor2d([...labels], [labels.length, 1], "float32");
  return oneHot(labels, count);
}

function datasetOf(
  { paths, labels, classNames }: DatasetFiles,
  size: readonly [number, number],
  options: ImageDatasetOptions,
  shuffle: boolean,
): ImageDataset {
  const { colorMode = "rgb", interpolation = "bilinear", batchSize = 32, seed, signal } = options;
  const { cropToAspectRatio = false, padToAspectRatio = false, labelMode = "int" } = options;
  const { onError = "throw", cacheBytes = 256 * 2 ** 20 } = options;
  const resizing = { interpolation, cropToAspectRatio, padToAspectRatio };
  const decode = picturesDecoder(
    (picture) => resizeFloat(picture, size, resizing),
    { colorMode, decoder: "tensorflow" },
    who,
  );
  const store = new PictureStore((indices) => decode(indices.map((index) => paths[index]!)), cacheBytes);
  const shape = [...size, channelCount[colorMode]] as const;
  const flow = epochsOf({
    ...{ samples: paths.length, batchSize, shuffle, seed, signal, onError },
    nameOf: (index) => paths[index]!,
    load: (index) => store.get(index),
    makeBatch(pictures, indices) {
      const values = new Float32Array(pictures.length * tf.util.sizeFromShape([...shape]));
      pictures.forEach(({ data }, place) => values.set(data, place * data.length));
      const xs = tf.tensor4d(values, [pictures.length, ...shape]);
      if (labels === null || labelMode === null) return { xs };
      const batch = Array.from(indices, (index) => labels[index]!);
      return { xs, ys: targets(batch, labelMode, classNames!.length) };
    },
  });
  return Object.assign(flow, { classNames, filePaths: paths });
}

function part({ paths, labels, classNames }: DatasetFiles, from: number, to: number): DatasetFiles {
  return { paths: paths.slice(from, to), labels: labels?.slice(from, to) ?? null, classNames };
}

/**
 * Reads a directory of pictures as a dataset, as Keras' `image_dataset_from_directory` does: sizes changed by TensorFlow's rules, values
 * from 0 to 255. The newer way besides `imageDataGenerator(…).flowFromDirectory`, which changes pictures at random; here layers do.
 *
 * ```ts
 * const photos = { imageSize: [64, 64], validationSplit: 0.2, subset: "both", seed: 1, labelMode: "binary" } as const;
 * const [train, validation] = imageDatasetFromDirectory("train", photos);
 * // Found 300 files belonging to 2 classes.
 * // Using 240 files for training.
 * // Using 60 files for validation.
 * ```
 *
 * The files are shuffled once by the seed; then validation takes the last part. Each epoch has an order of its own, but that of the
 * validation part of `subset: "both"`, which stays.
 *
 * @param directory holds a directory for each class, or with other labels pictures anywhere below
 * @param options see {@link ImageDatasetOptions}; all have defaults
 * @returns a source of batches for `fit` and `evaluate`, or two
 * @throws InputError for a directory without classes or pictures, and for options that contradict each other
 */
export function imageDatasetFromDirectory(
  directory: string,
  options: ImageDatasetOptions & { subset: "both" },
): [ImageDataset, ImageDataset];
export function imageDatasetFromDirectory(
  directory: string,
  options?: ImageDatasetOptions & { subset?: "training" | "validation" },
): ImageDataset;
export function imageDatasetFromDirectory(
  directory: string,
  options: ImageDatasetOptions = {},
): ImageDataset | [ImageDataset, ImageDataset] {
  const { imageSize = [256, 256], shuffle = true, seed, validationSplit = 0, subset } = options;
  const { labelMode = "int", verbose = true } = options;
  const size = typeof imageSize === "number" ? ([imageSize, imageSize] as const) : imageSize;
  checkOptions(options, size);
  let files = findDatasetFiles(directory, options, who);
  const { classNames } = files;
  const say = (line: string) => verbose && process.stdout.write(`${line}\n`);
  const count = files.paths.length;
  say(`Found ${count} files${classNames ? ` belonging to ${classNames.length} classes` : ""}.`);
  if (labelMode === "binary" && classNames?.length !== 2) {
    const found = classNames?.join(", ") ?? "none";
    throw new InputError({ who, expected: 'two classes with labelMode "binary"', found });
  }
  if (shuffle) {
    const order = [...permutation(count, randomOf(seed))];
    const { paths, labels } = files;
    files = {
      paths: order.map((index) => paths[index]!),
      labels: labels && order.map((index) => labels[index]!),
      classNames,
    };
  }
  const cut = count - Math.trunc(validationSplit * count);
  const taken = (name: "training" | "validation", from: number, to: number, shuffled: boolean) => {
    if (from === to) {
      throw new InputError({ who, expected: `pictures for ${name}`, found: `none in ${directory}` });
    }
    if (subset !== undefined) say(`Using ${to - from} files for ${name}.`);
    return datasetOf(part(files, from, to), size, options, shuffled);
  };
  if (subset === "validation") return taken("validation", cut, count, shuffle);
  const training = taken("training", 0, cut, shuffle);
  return subset === "both" ? [training, taken("validation", cut, count, false)] : training;
}
