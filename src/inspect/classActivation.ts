import { tf } from "../tensorflow/tf.ts";
import type { Site } from "./modelGraph.ts";
import { layerGradient } from "./gradients.ts";
import { enlargeMaps, goOn, takeHeatMap, type AfterBatch, type HeatMap } from "./heatMap.ts";
import { scoreOf, type Question } from "./question.ts";
import { runGraph } from "./runGraph.ts";

/** Where a layer of maps sees evidence for a class, by one of four formulas. */
export type CamMethod = "gradcam" | "gradcam++" | "layercam" | "scorecam";

export const camMethods: readonly CamMethod[] = ["gradcam", "gradcam++", "layercam", "scorecam"];

/** A map of evidence: as large as the layer's maps, and as large as the picture. */
export interface ClassActivation {
  raw: HeatMap;
  map: HeatMap;
}

/**
 * The map of one of these formulas, with A the layer's maps and g the gradient of the score S with respect to them:
 *
 * - `gradcam` (Selvaraju 2016): relu of the maps, each weighted with its mean gradient
 * - `gradcam++` (Chattopadhyay 2017): weights are sums of relu(g) with shares g² / (2 g² + sum(A) g³)
 * - `layercam` (Jiang 2021): relu of the sum of relu(g) A
 */
export async function findClassActivation(
  question: Question,
  site: Site,
  method: Exclude<CamMethod, "scorecam">,
): Promise<ClassActivation> {
  const { activation, gradient } = layerGradient(question, site);
  const raw = tf.tidy(() => formulas[method](activation, gradient).relu());
  tf.dispose([activation, gradient]);
  return takeBoth(raw, question);
}

const formulas = {
  gradcam: (maps: tf.Tensor, gradient: tf.Tensor) => maps.mul(gradient.mean([1, 2], true)).sum(3),
  "gradcam++": (maps: tf.Tensor, gradient: tf.Tensor) => {
    const square = gradient.square();
    const below = square.mul(2).add(maps.sum([1, 2], true).mul(square).mul(gradient));
    const shares = tf.where(below.notEqual(0), square.div(below), tf.zerosLike(below));
    return maps.mul(shares.mul(gradient.relu()).sum([1, 2], true)).sum(3);
  },
  layercam: (maps: tf.Tensor, gradient: tf.Tensor) => maps.mul(gradient.relu()).sum(3),
};

/** How {@link findScoreActivation} asks. */
export interface ScoreCamOptions {
  /** Only so many channels, those that vary most (Faster-Score-CAM). */
  maxChannels: number;
  batchSize: number;
  afterBatch?: AfterBatch;
}

/**
 * Score-CAM (Wang 2020): each map, enlarged and brought to 0 … 1, is laid over the picture like a mask; the softmax of the scores of these
 * pictures weights the maps. One run for each channel, no gradient. Channels without any difference have no mask and no weight.
 */
export async function findScoreActivation(
  question: Question,
  site: Site,
  { maxChannels, batchSize, afterBatch = goOn }: ScoreCamOptions,
): Promise<ClassActivation & { channels: number; of: number }> {
  const { picture, height, width } = question;
  const maps = tf.tidy(() => {
    const [activation] = runGraph(question.graph, {
      feeds: question.feeds(picture),
      wanted: [site.slot],
      instead: question.score.instead,
    });
    // Channels first: a mask is then a slice.
    return activation!.squeeze([0]).transpose([2, 0, 1]).clone() as tf.Tensor3D;
  });
  try {
    const channels = await liveliest(maps, maxChannels);
    const scores: number[] = [];
    for (let start = 0; start < channels.length; start += batchSize) {
      const chosen = channels.slice(start, start + batchSize);
      const part = tf.tidy(() => {
        const large = enlargeMaps(maps.gather(chosen), height, width);
        const low = large.min([1, 2], true);
        const masks = large.sub(low).div(large.max([1, 2], true).sub(low));
        return scoreOf(question, picture.mul(picture.rank === 4 ? masks.expandDims(3) : masks));
      });
      scores.push(...(await part.data()));
      part.dispose();
      await afterBatch(scores.length, channels.length);
    }
    const raw = tf.tidy(() => {
      if (channels.length === 0) return tf.zerosLike(maps.slice(0, 1));
      const weights = tf.softmax(tf.tensor1d(scores)).reshape([-1, 1, 1]);
      return maps.gather(channels).mul(weights).sum(0, true).relu();
    });
    return { ...(await takeBoth(raw, question)), channels: channels.length, of: maps.shape[0] };
  } finally {
    maps.dispose();
  }
}

/** The channels that are not the same everywhere, in order; of many those with the largest deviation. */
async function liveliest(maps: tf.Tensor3D, most: number): Promise<number[]> {
  const deviations = tf.tidy(() => tf.moments(maps as tf.Tensor, [1, 2]).variance.sqrt());
  const found = Array.from(await deviations.data());
  deviations.dispose();
  return found
    .map((deviation, channel) => ({ deviation, channel }))
    .filter(({ deviation }) => deviation > 0)
    .sort((a, b) => b.deviation - a.deviation)
    .slice(0, most)
    .map(({ channel }) => channel)
    .sort((a, b) => a - b);
}

async function takeBoth(raw: tf.Tensor, { height, width }: Question): Promise<ClassActivation> {
  const map = tf.tidy(() => enlargeMaps(raw, height, width));
  return { raw: await takeHeatMap(raw), map: await takeHeatMap(map) };
}
