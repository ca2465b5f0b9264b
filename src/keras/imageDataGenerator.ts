import { InputError } from "../errors.ts";
import type { tf } from "../tensorflow/tf.ts";
import { DirectoryIterator, type FlowOptions } from "./directoryIterator.ts";
import { checkPictureOptions } from "./pictures/readPicture.ts";

/** Options of {@link imageDataGenerator}; the names are Keras'. */
export interface ImageDataGeneratorOptions {
  /** A factor for every value, applied last; default `null`: none. */
  rescale?: number | null;
  /** The part of each class, from its beginning, that `subset: "validation"` takes; default 0. */
  validationSplit?: number;
  /** What is done to each picture (`[height, width, channels]`, 0 to 255) after resizing; default `null`. */
  preprocessingFunction?: ((picture: tf.Tensor3D) => tf.Tensor3D) | null;
}

/** Reads pictures from directories of classes. */
export interface ImageDataGenerator {
  /**
   * Lists the pictures of `directory/CLASS/…` and says how many were found. The result is a source of batches for `fit`,
   * and an async iterable over one epoch.
   */
  flowFromDirectory(directory: string, options?: FlowOptions): DirectoryIterator;
}

const supported = ["rescale", "validationSplit", "preprocessingFunction"];
const classModes = ["categorical", "binary", "sparse", "input", null];

function checkFlowOptions(options: FlowOptions, validationSplit: number): void {
  const who = "flowFromDirectory";
  checkPictureOptions(options, who);
  const { classMode = "categorical", batchSize = 32, subset } = options;
  if (!classModes.includes(classMode)) {
    const expected = `classMode ${classModes.map((mode) => JSON.stringify(mode)).join(", ")}`;
    throw new InputError({ who, expected, found: JSON.stringify(classMode) });
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new InputError({ who, expected: "batchSize of at least 1", found: String(batchSize) });
  }
  if (subset === undefined) return;
  if (!["training", "validation"].includes(subset)) {
    throw new InputError({
      who,
      expected: 'subset "training" or "validation"',
      found: JSON.stringify(subset),
    });
  }
  if (validationSplit === 0) {
    const fix = "make the generator with imageDataGenerator({ validationSplit: 0.2 })";
    throw new InputError({ who, expected: `a validationSplit for subset "${subset}"`, found: "none", fix });
  }
}

/**
 * Reads pictures for training as Keras' `ImageDataGenerator` does: same classes, same files, same order, same values.
 *
 * ```ts
 * const generator = imageDataGenerator({ rescale: 1 / 255 });
 * const train = generator.flowFromDirectory("shapes/training_set", { targetSize: [28, 28], batchSize: 16 });
 * // Found 210 images belonging to 3 classes.
 * for await (const { xs, ys } of train) tf.dispose([xs, ys]); // one epoch
 * ```
 *
 * @param options `rescale` (default: none), `validationSplit` (default 0), `preprocessingFunction` (default: none)
 * @throws InputError for an option that Keras has and this has not, and for a split outside 0 to 1
 */
export function imageDataGenerator(options: ImageDataGeneratorOptions = {}): ImageDataGenerator {
  const unknown = Object.keys(options).find((name) => !supported.includes(name));
  if (unknown !== undefined) {
    const expected = `options ${supported.join(", ")}`;
    throw new InputError({ who: "imageDataGenerator", expected, found: unknown });
  }
  const { rescale = null, validationSplit = 0, preprocessingFunction = null } = options;
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    const expected = "validationSplit from 0 to below 1";
    throw new InputError({ who: "imageDataGenerator", expected, found: String(validationSplit) });
  }
  return {
    flowFromDirectory(directory, flowOptions = {}) {
      checkFlowOptions(flowOptions, validationSplit);
      const splits = { training: [validationSplit, 1], validation: [0, validationSplit] } as const;
      const split = flowOptions.subset === undefined ? ([0, 1] as const) : splits[flowOptions.subset];
      const flow = new DirectoryIterator(directory, flowOptions, split, { rescale, preprocessingFunction });
      const classes = Object.keys(flow.classIndices).length;
      process.stdout.write(`Found ${flow.samples} images belonging to ${classes} classes.\n`);
      return flow;
    },
  };
}
