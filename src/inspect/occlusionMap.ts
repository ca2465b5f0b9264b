import { tf } from "../tensorflow/tf.ts";
import { blur, meanColor } from "./fills.ts";
import { goOn, type AfterBatch, type HeatMap } from "./heatMap.ts";
import { readScores, type Question } from "./question.ts";

/** How {@link findOcclusion} covers the picture. */
export interface OcclusionSampling {
  /** Height and width of the patch, in pixels. */
  patch: readonly [number, number];
  /** How far the patch moves, down and across. */
  stride: readonly [number, number];
  /** What is put in place: the mean of each channel, the picture blurred, or a number. */
  fill: "mean" | "blur" | number;
  batchSize: number;
  afterBatch?: AfterBatch;
}

/** How much the score falls when a part of the picture is covered. */
export interface OcclusionMap {
  /** For each place of the patch: the score of the picture less that of the covered one. */
  drops: HeatMap;
  /** Where the patches begin, in pixels from the top and from the left. */
  rows: number[];
  columns: number[];
  /** For each pixel the mean of the patches that cover it. */
  map: HeatMap;
}

/**
 * Covers the picture place by place and notes how much the score falls (Zeiler 2013). The last patch of a row or column ends with the
 * picture, so that each pixel is covered.
 */
export async function findOcclusion(
  question: Question,
  { patch, stride, fill, batchSize, afterBatch = goOn }: OcclusionSampling,
): Promise<OcclusionMap> {
  const { picture, height, width, value } = question;
  const [patchHeight, patchWidth] = patch;
  const rows = placesOf(height, patchHeight, stride[0]);
  const columns = placesOf(width, patchWidth, stride[1]);
  const places = rows.flatMap((top) => columns.map((left) => ({ top, left })));
  const drops = new Float32Array(places.length);
  const cover =
    typeof fill === "number" ? tf.scalar(fill) : fill === "mean" ? meanColor(picture) : blur(picture);
  try {
    for (let start = 0; start < places.length; start += batchSize) {
      const chosen = places.slice(start, start + batchSize);
      const masks = new Float32Array(chosen.length * height * width);
      chosen.forEach(({ top, left }, i) => {
        for (let row = top; row < top + patchHeight; row++) {
          const from = (i * height + row) * width + left;
          masks.fill(1, from, from + patchWidth);
        }
      });
      const pictures = tf.tidy(() => {
        const ones = picture.rank === 4 ? [1] : [];
        const mask = tf.tensor(masks, [chosen.length, height, width, ...ones]);
        return tf.where(mask.cast("bool"), cover, picture);
      });
      try {
        const scores = await readScores(question, pictures);
        scores.forEach((score, i) => (drops[start + i] = value - score));
      } finally {
        pictures.dispose();
      }
      await afterBatch(start + chosen.length, places.length);
    }
  } finally {
    cover.dispose();
  }
  const map = { values: new Float32Array(height * width), height, width };
  const counts = new Float32Array(height * width);
  places.forEach(({ top, left }, i) => {
    for (let row = top; row < top + patchHeight; row++) {
      for (let pixel = row * width + left; pixel < row * width + left + patchWidth; pixel++) {
        map.values[pixel]! += drops[i]!;
        counts[pixel]! += 1;
      }
    }
  });
  map.values.forEach((sum, pixel) => (map.values[pixel] = sum / counts[pixel]!));
  return { drops: { values: drops, height: rows.length, width: columns.length }, rows, columns, map };
}

function placesOf(size: number, patch: number, stride: number): number[] {
  const places: number[] = [];
  for (let at = 0; at + patch < size; at += stride) places.push(at);
  places.push(size - patch);
  return places;
}
