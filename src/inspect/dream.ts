import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import type { ModelGraph, Site } from "./modelGraph.ts";
import { rangeOfTensor } from "./fills.ts";
import { differentiate } from "./gradients.ts";
import { goOn, type AfterBatch } from "./heatMap.ts";
import { feedsFor, shift } from "./maximize.ts";
import { rollPicture } from "./picturePlane.ts";
import { runGraph } from "./runGraph.ts";
import { seededNoise } from "./seededNoise.ts";

/** How {@link findDream} dreams. */
export interface DreamSampling {
  /** The slot that takes the picture. */
  input: number;
  steps: number;
  octaves: number;
  octaveScale: number;
  /** The length of a step, as a share of the picture's range. */
  learningRate: number;
  jitter: number;
  seed: number;
  who: string;
  afterBatch?: AfterBatch;
}

/**
 * Makes a picture more of what layers see in it: steps along the gradient of their mean squares, on the picture made small first and then
 * on larger ones, where the details that were lost come back in (Mordvintsev 2015).
 *
 * @param picture `[1, height, width, channels]`
 * @returns the picture, which the caller disposes, and the mean squares of the layers before and after
 */
export async function findDream(
  graph: ModelGraph,
  sites: readonly Site[],
  picture: tf.Tensor4D,
  { input, steps, octaves, octaveScale, learningRate, jitter, seed, who, afterBatch = goOn }: DreamSampling,
): Promise<{ dream: tf.Tensor4D; before: number; after: number }> {
  const random = seededNoise(seed);
  const [low, high] = rangeOfTensor(picture);
  const [, height, width] = picture.shape;
  const joyOf = (image: tf.Tensor): tf.Scalar => {
    const wanted = sites.map(({ slot }) => slot);
    const outputs = runGraph(graph, { feeds: feedsFor(graph, input, image), wanted });
    return tf.addN(outputs.map((maps) => maps.square().mean()));
  };
  const resize = (image: tf.Tensor4D, [rows, columns]: readonly [number, number]): tf.Tensor4D =>
    tf.image.resizeBilinear(image, [rows, columns], false, true);
  const sizes = Array.from({ length: octaves }, (_, i) => {
    const share = octaveScale ** (i + 1 - octaves);
    return [Math.max(1, Math.round(height * share)), Math.max(1, Math.round(width * share))] as const;
  });

  const from = { who, from: sites.map(({ path }) => `"${path}"`).join(", "), to: "the picture" };
  let dream = tf.tidy(() => resize(picture, sizes[0]!).clone());
  try {
    for (const [octave, size] of sizes.entries()) {
      for (let step = 0; step < steps; step++) {
        const [down, right] = [shift(random.uniform(), jitter), shift(random.uniform(), jitter)];
        const next = tf.tidy(() => {
          const moved = rollPicture(dream, down, right);
          const gradient = byTiles(moved, (tile) => differentiate(from, tile, joyOf).gradient);
          const length = gradient.abs().mean().add(1e-8);
          const better = moved.add(gradient.div(length).mul(learningRate * (high - low)));
          return rollPicture(better.clipByValue(low, high), -down, -right) as tf.Tensor4D;
        });
        dream.dispose();
        dream = next;
        await afterBatch(octave * steps + step + 1, octaves * steps);
      }
      const larger = sizes[octave + 1];
      if (larger === undefined) continue;
      const next = tf.tidy(() => {
        const lost = resize(picture, larger).sub(resize(resize(picture, size), larger));
        return resize(dream, larger).add<tf.Tensor4D>(lost);
      });
      dream.dispose();
      dream = next;
    }
    const [before = NaN, after = NaN] = tf.tidy(() => tf.stack([joyOf(picture), joyOf(dream)]).dataSync());
    if (!Number.isFinite(after)) {
      const expected = `layers that give finite numbers: ${from.from}`;
      throw new InputError({ who, expected, found: String(after) });
    }
    return { dream, before, after };
  } catch (error) {
    dream.dispose();
    throw error;
  }
}

/** Larger pictures are worked on tile by tile, so that memory does not grow with them. The moves before each step hide the seams. */
const largestTile = 512;

/** What `work` makes of the tiles of a picture, put together again. */
function byTiles(picture: tf.Tensor, work: (tile: tf.Tensor) => tf.Tensor): tf.Tensor {
  const [, height = 0, width = 0] = picture.shape;
  const rows = spansOf(height).map(([top, rowsIn]) =>
    tf.concat(
      spansOf(width).map(([left, columnsIn]) =>
        tf.tidy(() => work(picture.slice([0, top, left], [1, rowsIn, columnsIn]))),
      ),
      2,
    ),
  );
  return tf.concat(rows, 1);
}

/** Parts of a length, about as long as one another: where each begins, and how long it is. */
function spansOf(length: number): [start: number, size: number][] {
  const count = Math.ceil(length / largestTile);
  const starts = Array.from({ length: count + 1 }, (_, i) => Math.round((i * length) / count));
  return starts.slice(0, -1).map((start, i) => [start, starts[i + 1]! - start]);
}
