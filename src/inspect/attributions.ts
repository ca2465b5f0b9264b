import { tf } from "../tensorflow/tf.ts";
import { pictureGradient } from "./gradients.ts";
import { goOn, overChannels, takeHeatMap, type AfterBatch, type HeatMap } from "./heatMap.ts";
import type { Question } from "./question.ts";
import { seededNoise } from "./seededNoise.ts";

/** How much each pixel has to do with a score. */
export interface Attribution {
  map: HeatMap;
  /** For each number of the picture, channels beside one another. */
  perChannel: Float32Array;
}

/** How an attribution for each channel becomes one for each pixel. */
const reductions = {
  /** The largest of the channels, without sign: Simonyan 2013. */
  magnitude: (values: tf.Tensor) => overChannels(values.abs(), (tensor) => tensor.max(3)),
  /** The sum of the channels, with sign. */
  sum: (values: tf.Tensor) => overChannels(values, (tensor) => tensor.sum(3)),
};

async function attribute(values: tf.Tensor, reduction: keyof typeof reductions): Promise<Attribution> {
  try {
    const map = await takeHeatMap(tf.tidy(() => reductions[reduction](values)));
    return { map, perChannel: Float32Array.from(await values.data()) };
  } finally {
    values.dispose();
  }
}

/** How strongly the score changes with each pixel: the gradient (Simonyan 2013), or the gradient times the picture (Shrikumar 2016). */
export async function findSaliency(
  question: Question,
  method: "gradient" | "gradientXInput",
): Promise<Attribution> {
  const { gradient, scores } = pictureGradient(question, question.picture);
  scores.dispose();
  if (method === "gradient") return attribute(gradient, "magnitude");
  const product = gradient.mul(question.picture);
  gradient.dispose();
  return attribute(product, "sum");
}

/** How {@link findSmoothGrad} samples. */
export interface SmoothGradOptions {
  samples: number;
  /** The deviation of the noise as a share of the picture's range; or the noise itself, `[samples, …]`. */
  noise: number | tf.Tensor;
  seed: number;
  batchSize: number;
  afterBatch?: AfterBatch;
}

/** The mean of the gradients, with their signs, of the picture with noise (Smilkov 2017). */
export async function findSmoothGrad(
  question: Question,
  { samples, noise, seed, batchSize, afterBatch = goOn }: SmoothGradOptions,
): Promise<Attribution> {
  const { picture } = question;
  const random = seededNoise(seed);
  const shape = picture.shape.slice(1);
  const deviation =
    typeof noise === "number" ? noise * tf.tidy(() => picture.max().sub(picture.min()).dataSync()[0]!) : 1;
  const sum = await sumOverBatches(samples, batchSize, afterBatch, (start, count) =>
    tf.tidy(() => {
      const drawn =
        noise instanceof tf.Tensor
          ? noise.slice(start, count)
          : tf.tensor(random.normal(count * picture.size), [count, ...shape]).mul(deviation);
      return pictureGradient(question, picture.add(drawn)).gradient.sum(0, false).expandDims(0);
    }),
  );
  return attribute(divide(sum, samples), "magnitude");
}

/** What comes of {@link findIntegratedGradients}. */
export interface IntegratedGradients extends Attribution {
  /** The score of the baseline. */
  baselineValue: number;
  /** The sum of the attributions: it should be the difference of the two scores. */
  total: number;
}

/**
 * The picture's difference from a baseline times the mean gradient on the straight way between them (Sundararajan 2017), the mean by
 * the trapezoidal rule over `steps` equal parts.
 */
export async function findIntegratedGradients(
  question: Question,
  baseline: tf.Tensor,
  { steps, batchSize, afterBatch = goOn }: { steps: number; batchSize: number; afterBatch?: AfterBatch },
): Promise<IntegratedGradients> {
  const { picture } = question;
  let baselineValue = NaN;
  const sum = await sumOverBatches(steps + 1, batchSize, afterBatch, (start, count) =>
    tf.tidy(() => {
      const points = Array.from({ length: count }, (_, i) => start + i);
      const column = [count, ...picture.shape.slice(1).map(() => 1)];
      const shares = tf.tensor(
        points.map((point) => point / steps),
        column,
      );
      const weights = tf.tensor(
        points.map((point) => (point === 0 || point === steps ? 0.5 : 1) / steps),
        column,
      );
      const pictures = baseline.add(picture.sub(baseline).mul(shares));
      const { gradient, scores } = pictureGradient(question, pictures);
      if (start === 0) [baselineValue = NaN] = scores.dataSync();
      return gradient.mul(weights).sum(0).expandDims(0);
    }),
  );
  const product = tf.tidy(() => sum.mul(picture.sub(baseline)));
  sum.dispose();
  const found = await attribute(product, "sum");
  return { ...found, baselineValue, total: found.perChannel.reduce((a, b) => a + b, 0) };
}

/** Adds up what `work` gives for one batch after the other; of tensors only the sum is left. */
async function sumOverBatches(
  total: number,
  batchSize: number,
  afterBatch: AfterBatch,
  work: (start: number, count: number) => tf.Tensor,
): Promise<tf.Tensor> {
  let sum: tf.Tensor | undefined;
  try {
    for (let start = 0; start < total; start += batchSize) {
      const count = Math.min(batchSize, total - start);
      const part = work(start, count);
      const before: tf.Tensor | undefined = sum;
      sum = before === undefined ? part : tf.add(before, part);
      if (before !== undefined) tf.dispose([before, part]);
      await afterBatch(start + count, total);
    }
  } catch (error) {
    sum?.dispose();
    throw error;
  }
  return sum!;
}

function divide(tensor: tf.Tensor, by: number): tf.Tensor {
  const quotient = tensor.div(by);
  tensor.dispose();
  return quotient;
}
