import type { tf } from "../../tensorflow/tf.ts";
import { channelCount } from "../pictures/decodePicture.ts";
import { picturesDecoder } from "../pictures/decodePictures.ts";
import { PictureStore } from "../pictures/pictureStore.ts";
import type { PictureOptions } from "../pictures/readPicture.ts";
import { resizePicture } from "../pictures/resizePicture.ts";
import { augmentBatch, type Augmenter } from "./augmenter.ts";
import { epochsOf, type Epochs } from "./epochs.ts";
import { saveBatch, type SaveOptions } from "./saveBatch.ts";

/** Options of everything that reads pictures from files; the names are Keras'. */
export interface PictureFlowOptions extends Omit<PictureOptions, "targetSize">, SaveOptions {
  /** `[height, width]` of every picture; default `[256, 256]`. */
  targetSize?: readonly [number, number];
  /** Pictures in a batch; the last batch of an epoch may have fewer. Default 32. */
  batchSize?: number;
  /** Whether each epoch has its own order. Default true. */
  shuffle?: boolean;
  /** Makes orders and random changes repeatable; they are not NumPy's. Default: none. */
  seed?: number;
  /** With the generator's `validationSplit`: the first part, or the rest. */
  subset?: "training" | "validation";
  /** How many bytes of decoded pictures are kept between epochs, before they are changed. Default 256 MiB. */
  cacheBytes?: number;
  /** What is done about a picture that cannot be read: `"throw"` (default), or `"skip"`, which says once how many there were. */
  onError?: "throw" | "skip";
  /** Stops the batches. Default: none; `fit` stops by its own. */
  signal?: AbortSignal;
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
  const { keepAspectRatio = false, cacheBytes = 256 * 2 ** 20, saveToDir = null } = options;
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
    async makeBatch(pictures, indices, random) {
      const data = pictures.map((picture) => picture.data);
      const xs = augmentBatch(data, imageShape, augmenter, random);
      try {
        if (saveToDir !== null) await saveBatch(xs, indices, { ...options, saveToDir }, random);
        return { xs, ...makeTargets(indices, xs) };
      } catch (error) {
        xs.dispose();
        throw error;
      }
    },
  });
  return Object.assign(flow, { imageShape });
}
