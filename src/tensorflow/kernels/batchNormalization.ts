import * as tf from "@tensorflow/tfjs";
import { dataTypes } from "../dataTypes.ts";
import { attribute } from "../attributes.ts";
import { addKernel, floats, runKernel } from "./nodeKernels.ts";

const forward = "FusedBatchNormV3";
const backward = "FusedBatchNormGradV3";

const common = (epsilon: unknown) => [
  floats,
  attribute.type("U", dataTypes.float),
  attribute.float("epsilon", epsilon as number),
  attribute.text("data_format", "NHWC"),
  attribute.bool("is_training", true),
];

/** Adds the kernels of {@link batchNormalization}. */
export function addBatchNormalization(): void {
  addKernel(forward, ({ inputs: { x, gamma, beta, nothing }, attrs: { epsilon }, backend }) =>
    backend.executeMultipleOutputs(
      forward,
      [...common(epsilon), attribute.float("exponential_avg_factor", 1)],
      [x!, gamma!, beta!, nothing!, nothing!],
      6,
    ),
  );
  addKernel(backward, ({ inputs: { dy, x, gamma, r1, r2, r3 }, attrs: { epsilon }, backend }) =>
    backend.executeMultipleOutputs(backward, common(epsilon), [dy!, x!, gamma!, r1!, r2!, r3!], 5),
  );
}

/**
 * Normalises a batch `[…, channels]` by its own mean and variance, as in training.
 *
 * @returns the values, the mean of each channel, and its variance, the biased one as Keras has it; mean and variance are kept and
 *   to be disposed
 */
export function batchNormalization(
  x: tf.Tensor,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
): { y: tf.Tensor; mean: tf.Tensor1D; variance: tf.Tensor1D } {
  const channels = x.shape.at(-1)!;
  const pixels = x.size / channels;
  const batch = x.rank === 4 ? x : tf.reshape(x, [pixels, 1, 1, channels]);
  let mean!: tf.Tensor1D;
  let unbiased!: tf.Tensor1D;
  const normalize = tf.customGrad((...args) => {
    const [batch, gamma, beta, save] = args as unknown as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      (tensors: tf.Tensor[]) => void,
    ];
    const nothing = tf.tensor1d([]);
    const [y, m, v, r1, r2, r3] = runKernel<tf.Tensor[]>(
      forward,
      { x: batch, gamma, beta, nothing },
      { epsilon },
    );
    // They would be gone with the scope of the gradient.
    mean = tf.keep(m as tf.Tensor1D);
    unbiased = tf.keep(v as tf.Tensor1D);
    save([batch, gamma, r1!, r2!, r3!]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, gamma, r1, r2, r3] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return runKernel<tf.Tensor[]>(backward, { dy, x, gamma, r1, r2, r3 }, { epsilon }).slice(0, 3);
    };
    return { value: y!, gradFunc };
  });
  const y = normalize(batch, gamma, beta);
  // TensorFlow's variance is that of a sample.
  const variance = tf.mul(unbiased, pixels > 1 ? (pixels - 1) / pixels : 1);
  unbiased.dispose();
  return { y: tf.reshape(y, x.shape), mean, variance: tf.keep(variance as tf.Tensor1D) };
}
