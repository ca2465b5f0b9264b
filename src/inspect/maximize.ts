import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import type { ModelGraph, Site } from "./modelGraph.ts";
import { differentiate } from "./gradients.ts";
import { findHead, type Head } from "./head.ts";
import { goOn, type AfterBatch } from "./heatMap.ts";
import { newPicturePlane, rollPicture, type PictureSize } from "./picturePlane.ts";
import type { PictureValues } from "./pictureValues.ts";
import { runGraph } from "./runGraph.ts";
import { seededNoise } from "./seededNoise.ts";
import { pastSilence } from "./silence.ts";

/** How {@link findMaximum} climbs. */
export interface MaximizeSampling extends PictureSize {
  /** The slot that takes the picture. */
  input: number;
  range: readonly [number, number];
  fourier: boolean;
  steps: number;
  learningRate: number;
  /** The picture is moved by at most so many pixels before each step. */
  jitter: number;
  /** Weights of the total variation and of the distance from the middle of the range: less noise, less contrast. */
  tv: number;
  l2: number;
  seed: number;
  /** After which steps a picture is kept. */
  keep: readonly number[];
  who: string;
  afterBatch?: AfterBatch;
}

/** A picture on the way up. */
export interface Stage extends PictureValues {
  step: number;
  /** The mean of the channel over its positions, without jitter. */
  activation: number;
}

/**
 * Climbs to a picture that a channel likes most: steps along the gradient of its mean, each as long as the others. A channel that a ReLU
 * keeps silent is climbed by what comes before that, until it speaks.
 */
export async function findMaximum(
  graph: ModelGraph,
  site: Site,
  channel: number,
  {
    input,
    range,
    fourier,
    steps,
    learningRate,
    jitter,
    tv,
    l2,
    seed,
    keep,
    who,
    afterBatch = goOn,
    ...size
  }: MaximizeSampling,
): Promise<Stage[]> {
  const random = seededNoise(seed + 1);
  const { start, toPicture } = newPicturePlane(size, { fourier, range, seed });
  const { instead } = findHead(graph, site.slot);
  const climbed = instead.size > 0 ? instead : pastSilence(graph, site.slot);
  const meanOf = (picture: tf.Tensor, instead: Head["instead"]): tf.Scalar => {
    const [maps] = runGraph(graph, { feeds: feedsFor(graph, input, picture), wanted: [site.slot], instead });
    const before = maps!.shape.map(() => 0);
    return maps!.slice([...before.slice(1), channel], [...maps!.shape.slice(0, -1), 1]).mean();
  };
  const activationOf = (picture: tf.Tensor): tf.Scalar => meanOf(picture, instead);
  const stages: Stage[] = [];
  let numbers = start;
  try {
    for (let step = 0; ; step++) {
      if (step === steps || keep.includes(step))
        stages.push(
          checkStage(await readStage(step, toPicture, activationOf, numbers), { channel, site, who }),
        );
      if (step === steps) return stages;
      const [down, right] = [shift(random.uniform(), jitter), shift(random.uniform(), jitter)];
      const better = tf.tidy(() => {
        const { gradient } = differentiate(
          { who, from: `channel ${channel} of "${site.path}"`, to: "the picture" },
          numbers,
          (values) => {
            const picture = toPicture(values);
            const penalty = penaltyOf(picture, range, { tv, l2 });
            return meanOf(rollPicture(picture, down, right), climbed).sub(penalty);
          },
        );
        const length = gradient.square().mean().sqrt().add(1e-8);
        return numbers.add(gradient.div(length).mul(learningRate));
      });
      numbers.dispose();
      numbers = better;
      await afterBatch(step + 1, steps);
    }
  } finally {
    numbers.dispose();
  }
}

/** A move of so many pixels at most, either way, of a number from 0 to 1. */
export const shift = (uniform: number, jitter: number): number =>
  Math.floor(uniform * (2 * jitter + 1)) - jitter;

function checkStage(
  stage: Stage,
  { channel, site, who }: { channel: number; site: Site; who: string },
): Stage {
  if (Number.isFinite(stage.activation)) return stage;
  const expected = `a layer "${site.path}" that gives finite numbers`;
  throw new InputError({ who, expected, found: `${stage.activation} in channel ${channel}` });
}

async function readStage(
  step: number,
  toPicture: (numbers: tf.Tensor) => tf.Tensor4D,
  activationOf: (picture: tf.Tensor) => tf.Scalar,
  numbers: tf.Tensor,
): Promise<Stage> {
  const [picture, activation] = tf.tidy(() => {
    const made = toPicture(numbers);
    return [made, activationOf(made)] as const;
  });
  try {
    const [, height, width, channels] = picture.shape;
    const values = Float32Array.from(await picture.data());
    return { step, activation: (await activation.data())[0]!, values, height, width, channels };
  } finally {
    tf.dispose([picture, activation]);
  }
}

/** How rough a picture is (mean difference of neighbours), and how far from grey, both as shares of the range. */
function penaltyOf(
  picture: tf.Tensor4D,
  [low, high]: readonly [number, number],
  { tv, l2 }: { tv: number; l2: number },
): tf.Tensor {
  const shares = picture.sub(low).div(high - low);
  const [, height, width] = picture.shape;
  const differences = [
    shares.slice([0, 1], [1, height - 1]).sub(shares.slice([0, 0], [1, height - 1])),
    shares.slice([0, 0, 1], [1, height, width - 1]).sub(shares.slice([0, 0, 0], [1, height, width - 1])),
  ];
  const roughness = tf.addN(differences.map((difference) => difference.abs().mean()));
  return roughness.mul(tv).add(shares.sub(0.5).square().mean().mul(l2));
}

/** The picture for one input, and zeros for the others. */
export function feedsFor(graph: ModelGraph, input: number, picture: tf.Tensor): Map<number, tf.Tensor> {
  return new Map(
    graph.inputs.map((slot) => {
      const { shape } = graph.sites.find((site) => site.slot === slot)!;
      // A sequence is a picture of one channel, a row for each step.
      if (slot === input) return [slot, shape.length === 3 ? picture.squeeze([3]) : picture];
      return [slot, tf.zeros([1, ...shape.slice(1).map((size) => size ?? 1)])];
    }),
  );
}
