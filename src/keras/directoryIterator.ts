import { join } from "node:path";
import seedrandom from "seedrandom";
import { tf } from "../tensorflow/tf.ts";
import { channelCount, type Picture } from "./pictures/decodePicture.ts";
import { listPictures } from "./pictures/listPictures.ts";
import { PictureStore } from "./pictures/pictureStore.ts";
import { readPicture, type PictureOptions } from "./pictures/readPicture.ts";
import { permutation } from "./training/permutation.ts";

export type ClassMode = "categorical" | "binary" | "sparse" | "input" | null;

/** Options of `flowFromDirectory`; the names are Keras'. */
export interface FlowOptions extends Omit<PictureOptions, "targetSize"> {
  /** `[height, width]` of every picture; default `[256, 256]`. */
  targetSize?: readonly [number, number];
  /** The class directories to use, in this order; default: all of them, sorted. */
  classes?: readonly string[];
  /** Targets: one-hot (`"categorical"`, default), class index (`"binary"`, `"sparse"`), the pictures (`"input"`), none (`null`). */
  classMode?: ClassMode;
  /** Pictures in a batch; the last batch of an epoch may have fewer. Default 32. */
  batchSize?: number;
  /** Whether each epoch has its own order. Default true. */
  shuffle?: boolean;
  /** Makes the orders repeatable. Default: none. */
  seed?: number;
  /** With the generator's `validationSplit`: the first part of each class, or the rest. */
  subset?: "training" | "validation";
  /** Whether linked directories are searched. Default false. */
  followLinks?: boolean;
  /** How many bytes of decoded pictures are kept between epochs. Default 256 MiB. */
  cacheBytes?: number;
}

/** What is done to each picture: first the function, then the factor. */
export interface Preprocessing {
  rescale: number | null;
  preprocessingFunction: ((picture: tf.Tensor3D) => tf.Tensor3D) | null;
}

/** One batch; whoever takes it from an iterator disposes it. Without `ys` with `classMode: null`. */
export interface PictureBatch {
  xs: tf.Tensor4D;
  ys?: tf.Tensor;
}

const who = "flowFromDirectory";

/**
 * Pictures in directories of classes, as batches: iterating gives one epoch, and iterating again the next one, newly
 * shuffled. Made by {@link imageDataGenerator}.
 */
export class DirectoryIterator implements AsyncIterable<PictureBatch> {
  /** The index of each class, by name. */
  readonly classIndices: Readonly<Record<string, number>>;
  /** The class of each picture. */
  readonly classes: Int32Array;
  /** The pictures' paths in the directory. */
  readonly filenames: readonly string[];
  /** The pictures' paths. */
  readonly filepaths: readonly string[];
  readonly batchSize: number;
  /** `[height, width, channels]` of each picture. */
  readonly imageShape: readonly [number, number, number];
  readonly classMode: ClassMode;
  readonly #shuffle: boolean;
  readonly #random: () => number;
  readonly #store: PictureStore;
  readonly #preprocessing: Preprocessing;

  constructor(
    directory: string,
    {
      targetSize = [256, 256],
      colorMode = "rgb",
      interpolation = "nearest",
      keepAspectRatio = false,
      classes,
      classMode = "categorical",
      batchSize = 32,
      shuffle = true,
      seed,
      followLinks = false,
      cacheBytes = 256 * 2 ** 20,
    }: FlowOptions,
    split: readonly [number, number],
    preprocessing: Preprocessing,
  ) {
    const list = listPictures(directory, { ...(classes && { classes }), split, followLinks, who });
    this.classIndices = Object.fromEntries(list.classNames.map((name, index) => [name, index]));
    this.classes = list.labels;
    this.filenames = list.filenames;
    this.filepaths = list.filenames.map((name) => join(directory, name));
    this.batchSize = batchSize;
    this.imageShape = [...targetSize, channelCount[colorMode]];
    this.classMode = classMode;
    this.#shuffle = shuffle;
    // Looked up when it is used: setRandomSeed puts another function there.
    this.#random = seed === undefined ? () => Math.random() : seedrandom(String(seed));
    this.#preprocessing = preprocessing;
    this.#store = new PictureStore((index) => {
      const options = { targetSize, colorMode, interpolation, keepAspectRatio };
      return readPicture(this.filepaths[index]!, options, who);
    }, cacheBytes);
  }

  /** How many pictures there are. */
  get samples(): number {
    return this.filenames.length;
  }

  /** How many batches an epoch has. */
  get length(): number {
    return Math.ceil(this.samples / this.batchSize);
  }

  /** One epoch of batches. While a batch is used, the pictures of the next one are decoded. */
  async *[Symbol.asyncIterator](): AsyncGenerator<PictureBatch, void, undefined> {
    const order = this.#shuffle
      ? permutation(this.samples, this.#random)
      : Int32Array.from({ length: this.samples }, (_, index) => index);
    let ahead = this.#decode(order.subarray(0, this.batchSize));
    for (let start = 0; start < this.samples; start += this.batchSize) {
      const pictures = await ahead;
      const next = start + this.batchSize;
      ahead = this.#decode(order.subarray(next, next + this.batchSize));
      yield this.#batch(pictures, order.subarray(start, next));
    }
  }

  /** Starts decoding. A failure is seen when the batch is awaited, which may never happen when the epoch is left early. */
  #decode(indices: Int32Array): Promise<Picture[]> {
    const pictures = Promise.all(Array.from(indices, (index) => this.#store.get(index)));
    pictures.catch(() => undefined);
    return pictures;
  }

  #batch(pictures: Picture[], indices: Int32Array): PictureBatch {
    const xs = this.#pixels(pictures);
    const labels = Array.from(indices, (index) => this.classes[index]!);
    switch (this.classMode) {
      case null:
        return { xs };
      case "input":
        return { xs, ys: xs.clone() };
      case "binary":
      case "sparse":
        return { xs, ys: tf.tensor1d(labels, "float32") };
      case "categorical": {
        const count = Object.keys(this.classIndices).length;
        const oneHot = new Float32Array(labels.length * count);
        labels.forEach((label, row) => (oneHot[row * count + label] = 1));
        return { xs, ys: tf.tensor2d(oneHot, [labels.length, count]) };
      }
    }
  }

  #pixels(pictures: Picture[]): tf.Tensor4D {
    const { rescale, preprocessingFunction } = this.#preprocessing;
    const size = this.imageShape[0] * this.imageShape[1] * this.imageShape[2];
    const shape: [number, number, number, number] = [pictures.length, ...this.imageShape];
    if (preprocessingFunction !== null) {
      return tf.tidy(() => {
        const images = pictures.map(({ data }) =>
          preprocessingFunction(tf.tensor3d(Float32Array.from(data), [...this.imageShape])),
        );
        const batch = tf.stack(images) as tf.Tensor4D;
        return rescale === null ? batch : batch.mul<tf.Tensor4D>(rescale);
      });
    }
    // A product of two float32 numbers is exact in a double, so that storing it rounds once, as NumPy does.
    const factor = Math.fround(rescale ?? 1);
    const values = new Float32Array(pictures.length * size);
    pictures.forEach(({ data }, picture) => {
      const start = picture * size;
      for (let i = 0; i < size; i++) values[start + i] = data[i]! * factor;
    });
    return tf.tensor4d(values, shape);
  }
}
