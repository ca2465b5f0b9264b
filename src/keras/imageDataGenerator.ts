import { InputError } from "../errors.ts";
import { currentHost } from "../jupyter/host.ts";
import { tf } from "../tensorflow/tf.ts";
import { arrayIterator, type ArrayFlowOptions, type ArrayIterator } from "./arrayIterator.ts";
import { directoryIterator, type DirectoryIterator, type FlowOptions } from "./directoryIterator.ts";
import { applyTransform, type TransformParameters } from "./generator/applyTransform.ts";
import { augmentSet, type Augmenter } from "./generator/augmenter.ts";
import { checkKnown } from "./training/checkKnown.ts";
import { batchOptions, checkBatches, checkOneOf, checkPictureFlow } from "./generator/checkFlow.ts";
import { drawTransform } from "./generator/drawTransform.ts";
import type { FloatImage } from "./generator/floatImage.ts";
import { generatorSettings, type ImageDataGeneratorOptions } from "./generator/generatorOptions.ts";
import { randomOf } from "./generator/randomOf.ts";
import { saveFormats } from "./generator/saveBatch.ts";
import { standardize } from "./generator/standardize.ts";
import { noStatistics, statisticsOf } from "./generator/statistics.ts";
import { classModes } from "./generator/targets.ts";
import {
  recordIterator,
  type PictureRecord,
  type RecordFlowOptions,
  type RecordIterator,
} from "./recordIterator.ts";

export type { ImageDataGeneratorOptions, TransformParameters };

/** Options of {@link ImageDataGenerator.fit}; the names are Keras'. */
export interface GeneratorFitOptions {
  /** Whether the pictures are changed at random before. Default false. */
  augment?: boolean;
  /** How many times, each time by chance. Default 1. */
  rounds?: number;
  /** Makes the changes repeatable. Default: none. */
  seed?: number;
}

/** Changes and standardizes pictures, of tensors and of files. */
export interface ImageDataGenerator {
  /** What `fit` found for each channel; `null` before, or when it is not asked for. */
  readonly mean: Float32Array | null;
  /** What `fit` found for each channel; `null` before, or when it is not asked for. */
  readonly std: Float32Array | null;
  /** What `fit` found: as many rows and columns as a picture has values. */
  readonly zcaWhiteningMatrix: Float32Array | null;
  /**
   * Finds what `featurewiseCenter`, `featurewiseStdNormalization` and `zcaWhitening` need, from `[count, height, width, channels]`. Whitening
   * takes time that grows with the cube of a picture's values: seconds for 28x28x1, minutes for 32x32x3.
   */
  fit(x: tf.Tensor4D, options?: GeneratorFitOptions): Promise<void>;
  /** A picture, or several, with `preprocessingFunction`, `rescale` and the normalizations applied; a new tensor. */
  standardize<T extends tf.Tensor3D | tf.Tensor4D>(x: T): T;
  /** Draws what is done to a picture of `[height, width, channels]`. */
  getRandomTransform(shape: readonly number[], seed?: number): Required<TransformParameters>;
  /** Does it: a new tensor. */
  applyTransform(x: tf.Tensor3D, parameters: TransformParameters): tf.Tensor3D;
  /** Draws it and does it. */
  randomTransform(x: tf.Tensor3D, seed?: number): tf.Tensor3D;
  /**
   * Batches of pictures in a tensor, with their targets. With other inputs beside the pictures, `[pictures, …]`, only these are changed.
   */
  flow(x: tf.Tensor4D | readonly tf.Tensor[], y?: tf.Tensor, options?: ArrayFlowOptions): ArrayIterator;
  /**
   * Lists the pictures of `directory/CLASS/…` and says how many were found. The result is a source of batches for `fit`,
   * and an async iterable over one epoch.
   */
  flowFromDirectory(directory: string, options?: FlowOptions): DirectoryIterator;
  /** Lists the pictures that records name, `[{ filename: "a.png", class: "cat" }, …]`, in the same way. */
  flowFromDataframe(records: readonly PictureRecord[], options?: RecordFlowOptions): RecordIterator;
}

function toImage(x: tf.Tensor, rank: readonly number[], who: string): FloatImage {
  if (!(x instanceof tf.Tensor) || !rank.includes(x.rank)) {
    const expected = `a tensor of rank ${rank.join(" or ")}, [${rank.includes(4) ? "count, " : ""}height, width, channels]`;
    const found = x instanceof tf.Tensor ? `[${x.shape.join(", ")}]` : typeof x;
    throw new InputError({ who, expected, found });
  }
  const [channels = 1, width = 1, height = 1] = [...x.shape].reverse();
  return { data: Float32Array.from(x.dataSync()), height, width, channels };
}

/**
 * Changes and standardizes pictures for training as Keras' `ImageDataGenerator` does: with the same parameters the same pixels,
 * from directories the same classes, files and order. What is drawn at random repeats with a seed, but is not what NumPy draws.
 *
 * ```ts
 * const generator = imageDataGenerator({ rescale: 1 / 255, rotationRange: 20, horizontalFlip: true });
 * const train = generator.flowFromDirectory("shapes/training_set", { targetSize: [28, 28], batchSize: 16 });
 * // Found 210 images belonging to 3 classes.
 * for await (const { xs, ys } of train) tf.dispose([xs, ys]); // one epoch
 * ```
 *
 * Each picture is rotated, shifted, sheared and zoomed about its middle in one step, then its channels shifted, then it is flipped, then
 * its brightness changed; then come `preprocessingFunction`, `rescale` and the normalizations. A division by deviations implies
 * centring, and `zcaWhitening` replaces `featurewiseStdNormalization`.
 *
 * @param options see {@link ImageDataGeneratorOptions}; all have defaults, which change nothing
 * @throws InputError for an option that is unknown or cannot be so
 */
export function imageDataGenerator(options: ImageDataGeneratorOptions = {}): ImageDataGenerator {
  const settings = generatorSettings(options);
  const { validationSplit, featurewiseCenter } = settings;
  let statistics = noStatistics;
  let told = false;
  const augmenter: Augmenter = {
    settings,
    statistics() {
      if (featurewiseCenter && statistics.mean === null && !told) {
        told = true;
        const fix = "pictures are not normalized by what they have in common before generator.fit(x)";
        process.stdout.write(`imageDataGenerator: ${fix}\n`);
      }
      return statistics;
    },
  };
  const toTensor = ({ data, height, width, channels }: FloatImage) =>
    tf.tensor3d(data, [height, width, channels]);
  return {
    get mean() {
      return statistics.mean;
    },
    get std() {
      return statistics.std;
    },
    get zcaWhiteningMatrix() {
      return statistics.zcaWhiteningMatrix;
    },
    async fit(x, { augment = false, rounds = 1, seed } = {}) {
      const image = toImage(x, [4], "fit");
      const { height, width, channels } = image;
      const data = await augmentSet(image, settings, {
        random: randomOf(seed),
        rounds: augment ? rounds : 0,
        signal: currentHost().signal,
      });
      statistics = statisticsOf(data, height * width * channels, channels, settings);
    },
    standardize<T extends tf.Tensor3D | tf.Tensor4D>(x: T) {
      const image = toImage(x, [3, 4], "standardize");
      standardize(image, settings, augmenter.statistics(), image.data);
      return tf.tensor(image.data, x.shape, "float32") as T;
    },
    getRandomTransform: (shape, seed) => drawTransform(settings, shape, randomOf(seed)),
    applyTransform: (x, parameters) =>
      toTensor(applyTransform(toImage(x, [3], "applyTransform"), parameters, settings)),
    randomTransform(x, seed) {
      const image = toImage(x, [3], "randomTransform");
      const parameters = drawTransform(settings, [image.height, image.width], randomOf(seed));
      return toTensor(applyTransform(image, parameters, settings));
    },
    flow(x, y, flowOptions = {}) {
      checkKnown("flow", flowOptions, [...batchOptions, "ignoreClassSplit", "sampleWeight"]);
      checkBatches(flowOptions, validationSplit, "flow");
      checkOneOf("saveFormat", flowOptions.saveFormat ?? "png", saveFormats, "flow");
      return arrayIterator(x, y, flowOptions, augmenter);
    },
    flowFromDirectory(directory, flowOptions = {}) {
      const who = "flowFromDirectory";
      checkPictureFlow(flowOptions, validationSplit, { who, own: ["classes", "classMode", "followLinks"] });
      const { classMode = "categorical" } = flowOptions;
      checkOneOf("classMode", classMode, classModes, who);
      return directoryIterator(directory, flowOptions, augmenter, who);
    },
    flowFromDataframe(records, flowOptions = {}) {
      const own = ["classes", "classMode", "directory", "validateFilenames", "weightCol", "xCol", "yCol"];
      checkPictureFlow(flowOptions, validationSplit, { who: "flowFromDataframe", own });
      return recordIterator(records, flowOptions, augmenter);
    },
  };
}
