import { setImmediate } from "node:timers/promises";
import { tf } from "../../tensorflow/tf.ts";
import { applyTransform } from "./applyTransform.ts";
import { drawTransform, isRandom, type Random } from "./drawTransform.ts";
import type { FloatImage } from "./floatImage.ts";
import type { GeneratorSettings } from "./generatorOptions.ts";
import { saveBatch, type SaveOptions } from "./saveBatch.ts";
import { standardize } from "./standardize.ts";
import type { Statistics } from "./statistics.ts";

/** What a generator does to the pictures of a batch. */
export interface Augmenter {
  settings: GeneratorSettings;
  /** What is known of all pictures when the batch is made. */
  statistics: () => Statistics;
}

/**
 * Changes pictures at random, standardizes them and puts them into one tensor.
 *
 * @param pictures `[height, width, channels]` each, as `shape` says; their data are copied
 */
function augmentBatch(
  pictures: readonly ArrayLike<number>[],
  [height, width, channels]: readonly [number, number, number],
  { settings, statistics }: Augmenter,
  random: Random,
): tf.Tensor4D {
  const size = height * width * channels;
  const values = new Float32Array(pictures.length * size);
  const changing = isRandom(settings);
  const known = statistics();
  pictures.forEach((picture, index) => {
    const place = values.subarray(index * size, (index + 1) * size);
    let data = picture;
    if (changing) {
      place.set(picture);
      const parameters = drawTransform(settings, [height, width], random);
      data = applyTransform({ data: place, height, width, channels }, parameters, settings).data;
    }
    standardize({ data, height, width, channels }, settings, known, place);
  });
  const shape: [number, number, number, number] = [pictures.length, height, width, channels];
  return settings.dtype === "int32"
    ? tf.tensor4d(Int32Array.from(values), shape, "int32")
    : tf.tensor4d(values, shape);
}

/**
 * A batch of pictures, changed and standardized, saved on request, and completed by what else belongs to it. Nothing is left of it when
 * one of these fails.
 */
export async function makeBatch<Batch extends object>(
  pictures: readonly ArrayLike<number>[],
  indices: Int32Array,
  random: Random,
  {
    shape,
    augmenter,
    saving,
  }: { shape: readonly [number, number, number]; augmenter: Augmenter; saving: SaveOptions },
  complete: (xs: tf.Tensor4D) => Batch,
): Promise<Batch> {
  const xs = augmentBatch(pictures, shape, augmenter, random);
  const { saveToDir = null } = saving;
  try {
    if (saveToDir !== null) await saveBatch(xs, indices, { ...saving, saveToDir }, random);
    return tf.tidy(() => complete(xs) as tf.TensorContainerObject) as Batch;
  } catch (error) {
    xs.dispose();
    throw error;
  }
}

/** Pictures between looks at what else there is to do. */
const slice = 64;

/**
 * The pictures that statistics are taken of: with the factor, and changed at random `rounds` times, or with 0 rounds as they are.
 *
 * @param set pictures one after the other, each of its height, width and channels
 */
export async function augmentSet(
  set: FloatImage,
  settings: GeneratorSettings,
  { random, rounds, signal }: { random: Random; rounds: number; signal: AbortSignal | undefined },
): Promise<Float32Array> {
  const { height, width, channels } = set;
  const factor = Math.fround(settings.rescale ?? 1);
  const data = set.data.map((value) => value * factor);
  if (rounds === 0) return data;
  const size = height * width * channels;
  const count = data.length / size;
  const all = new Float32Array(rounds * data.length);
  for (let index = 0; index < rounds * count; index++) {
    if (index % slice === 0) await setImmediate();
    signal?.throwIfAborted();
    const start = (index % count) * size;
    const image = { ...set, data: data.slice(start, start + size) };
    const parameters = drawTransform(settings, [height, width], random);
    all.set(applyTransform(image, parameters, settings).data, index * size);
  }
  return all;
}
