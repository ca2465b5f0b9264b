import type { tf } from "../../tensorflow/tf.ts";
import { channelCount } from "../pictures/decodePicture.ts";
import { picturesDecoder } from "../pictures/decodePictures.ts";
import { PictureStore } from "../pictures/pictureStore.ts";
import type { PictureOptions } from "../pictures/readPicture.ts";
import { resizePicture } from "../pictures/resizePicture.ts";
import { makeBatch, type Augmenter } from "./augmenter.ts";
import type { BatchOptions } from "./batchOptions.ts";
import { epochsOf, type Epochs } from "./epochs.ts";

/** Options of everything that reads pictures from files; the names are Keras'. */
export interface PictureFlowOptions extends Omit<PictureOptions, "targetSize">, BatchOptions {
  /** `[height, width]` of every picture; default `[256, 256]`. */
  targetSize?: readonly [number, number];
  /** How many bytes of decoded pictures are kept between epochs, before they are changed. Default 256 MiB. */
  cacheBytes?: number;
  /** What is done about a picture that cannot be read: `"throw"` (default), or `"skip"`, which says once how many there were. */
  onError?: "throw" | "skip";
}

/** Epochs of batches of pictures, with what else is known about each batch. */
export interface PictureFlow<Targets> extends Epochs<{ xs: tf.Tensor4D } & Targets> {
  /** `[height, width, channels]` of each picture. */
  readonly imageShape: readonly [number, number, number];
}

/** Reads picture files as batches, augmented. */
export function pictureFlow<Targets extends object>(
  filepaths: readonly string[],
  options: PictureFlowOptions,
  augmenter: Augmenter,
  makeTargets: (indices: Int32Array, xs: tf.Tensor4D) => Targets,
  who: string,
): PictureFlow<Targets> {
  const { targetSize = [256, 256], colorMode = "rgb", interpolation = "nearest" } = options;
  const { keepAspectRatio = false, cacheBytes = 256 * 2 ** 20 } = options;
  const { batchSize = 32, shuffle = true, seed, signal, onError = "throw" } = options;
  const imageShape = [...targetSize, channelCount[colorMode]] as const;
  const resizing = { interpolation, keepAspectRatio };
  const decode = picturesDecoder(
    (picture) => {
      const resized = resizePicture(picture, targetSize, resizing);
      return resized === picture ? { ...picture, data: picture.data.slice() } : resized;
    },
    { colorMode },
    who,
  );
  const store = new PictureStore((indices) => decode(indices.map((index) => filepaths[index]!)), cacheBytes);
  const flow = epochsOf({
    ...{ samples: filepaths.length, batchSize, shuffle, seed, signal, onError },
    nameOf: (index) => filepaths[index]!,
    load: (index) => store.get(index),
    makeBatch: (pictures, indices, random) =>
      makeBatch(
        pictures.map((picture) => picture.data),
        indices,
        random,
        { shape: imageShape, augmenter, saving: options },
        (xs) => ({ xs, ...makeTargets(indices, xs) }),
      ),
  });
  return Object.assign(flow, { imageShape });
}

/** What is known about the pictures of a flow. */
interface FlowDescription<Classes, Mode> {
  classNames: readonly string[];
  /** The class of each picture. */
  classes: Classes;
  filenames: readonly string[];
  filepaths: readonly string[];
  classMode: Mode;
}

/** Tells with a flow what its pictures are. */
export function describeFlow<Flow extends object, Classes, Mode>(
  flow: Flow,
  { classNames, ...rest }: FlowDescription<Classes, Mode>,
): Flow & Omit<FlowDescription<Classes, Mode>, "classNames"> & { classIndices: Record<string, number> } {
  return Object.assign(flow, {
    classIndices: Object.fromEntries(classNames.map((name, index) => [name, index])),
    ...rest,
  });
}
