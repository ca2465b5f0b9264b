import { tf } from "../tensorflow/tf.ts";
import { blur, meanColor } from "./fills.ts";
import { goOn, type AfterBatch, type HeatMap } from "./heatMap.ts";
import { readScores, type Question } from "./question.ts";

/** How the probability of the class (without one, the score) goes with the pixels that a map calls important. */
export interface Faithfulness {
  /** Its mean while the pixels are replaced by the mean colour, the most important first: low for a good map. */
  deletion: number;
  /** Its mean while they come back into the blurred picture, the most important first: high for a good map. */
  insertion: number;
  /** The same for the map moved by half the picture in both directions: what a map of this kind gives in the wrong place. */
  moved: { deletion: number; insertion: number };
}

/**
 * Measures whether a map names the pixels that count, by the means of the deletion and the insertion curve (Petsiuk 2018, RISE),
 * by the trapezoidal rule over `steps` equal parts of the pixels.
 */
export async function measureFaithfulness(
  question: Question,
  map: HeatMap,
  { steps, batchSize, afterBatch = goOn }: { steps: number; batchSize: number; afterBatch?: AfterBatch },
): Promise<Faithfulness> {
  const { picture } = question;
  const orders = [ranksOf(map.values), ranksOf(moveByHalf(map))];
  const blurred = blur(picture);
  const mean = meanColor(picture);
  const plans = orders.flatMap((ranks) => [
    { ranks, from: picture, to: mean },
    { ranks, from: blurred, to: picture },
  ]);
  const jobs = plans.flatMap((plan, curve) =>
    Array.from({ length: steps + 1 }, (_, step) => ({ ...plan, curve, share: step / steps })),
  );
  const curves: number[][] = plans.map(() => []);
  try {
    for (let start = 0; start < jobs.length; start += batchSize) {
      const chosen = jobs.slice(start, start + batchSize);
      const pictures = tf.tidy(() =>
        tf.concat(chosen.map(({ ranks, from, to, share }) => mix(from, to, maskOf(ranks, share, picture)))),
      );
      try {
        const found = await readScores(question, pictures, true);
        chosen.forEach(({ curve }, i) => curves[curve]!.push(found[i]!));
      } finally {
        pictures.dispose();
      }
      await afterBatch(start + chosen.length, jobs.length);
    }
  } finally {
    tf.dispose([blurred, mean]);
  }
  const [deletion, insertion, movedDeletion, movedInsertion] = curves.map(areaBelow) as [
    number,
    number,
    number,
    number,
  ];
  return { deletion, insertion, moved: { deletion: movedDeletion, insertion: movedInsertion } };
}

/** The place of each number in the order from the largest to the smallest, as a share of all. What is no number comes last. */
function ranksOf(values: Float32Array): Float32Array {
  const known = values.map((value) => (Number.isNaN(value) ? -Infinity : value));
  const order = Array.from(known.keys()).sort((a, b) => known[b]! - known[a]! || a - b);
  const ranks = new Float32Array(values.length);
  order.forEach((index, rank) => (ranks[index] = rank / values.length));
  return ranks;
}

function moveByHalf({ values, height, width }: HeatMap): Float32Array {
  return values.map((_, i) => {
    const row = (Math.floor(i / width) + (height >> 1)) % height;
    return values[row * width + (((i % width) + (width >> 1)) % width)]!;
  });
}

/** 1 where a pixel belongs to the first `share`. */
function maskOf(ranks: Float32Array, share: number, { shape, rank }: tf.Tensor): tf.Tensor {
  const [, height = 1, width = 1] = shape;
  return tf.tensor(
    ranks.map((place) => Number(place < share)),
    rank === 4 ? [1, height, width, 1] : [1, height, width],
  );
}

const mix = (from: tf.Tensor, to: tf.Tensor, mask: tf.Tensor): tf.Tensor =>
  from.mul(tf.sub(1, mask)).add(to.mul(mask));

function areaBelow(values: readonly number[]): number {
  const ends = (values[0]! + values.at(-1)!) / 2;
  return (values.reduce((a, b) => a + b, 0) - ends) / (values.length - 1);
}
