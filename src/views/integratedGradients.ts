import { findIntegratedGradients } from "../inspect/attributions.ts";
import { makeBaseline, type Baseline } from "../inspect/fills.ts";
import type { PictureInput } from "../inspect/modelInputs.ts";
import { isTensor } from "../inspect/pictureValues.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { checkWhole } from "./checkOption.ts";
import { explain, type ExplanationData, type ExplanationOptions } from "./explanation.ts";
import type { View } from "./view.ts";

/** How {@link integratedGradients} goes from a picture without reasons to the picture. */
export interface IntegratedGradientsOptions extends ExplanationOptions {
  /** Equal parts of the way; the gradient is computed at their ends. Default 50. */
  steps?: number;
  /**
   * Where the way begins: `"zeros"` (default), `"black"` and `"white"` (the ends of 0 to 1, 0 to 255 or -1 to 1), `"blur"`, `"noise"` (by
   * `seed`), or a tensor like the picture. What is as in the baseline gets no share: a black one is blind to black things.
   */
  baseline?: Baseline | Tensor;
  /** For the baseline `"noise"`. Default 0. */
  seed?: number;
}

/** The numbers behind the picture of {@link integratedGradients}. */
export interface IntegratedGradientsData extends ExplanationData {
  steps: number;
  seed: number;
  /** The score of the baseline. */
  baselineScore: number;
  /** How far the sum of the map is from the difference of the two scores, which it should be. */
  gap: number;
  /** The share of each number of the picture, with its sign: `[height, width, channels]`. */
  perChannel: Float32Array;
}

/**
 * Shares out the difference between the score of a picture and that of a baseline among the pixels: the mean gradient on the straight
 * way between the two, times their difference (Sundararajan 2017; the mean by the trapezoidal rule). The shares of all pixels sum to the
 * difference of the scores but for the completeness gap, which the text states: where it is more than a few percent, take more `steps`.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 3 })] });
 * model.add(tf.layers.flatten());
 * model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
 * const view = await integratedGradients(model, tf.randomUniform([28, 28, 1]), { steps: 20, baseline: "blur" });
 * view.data.gap;
 * ```
 *
 * @throws InputError as {@link saliency} does, and for a baseline of another shape
 */
export async function integratedGradients(
  model: Model,
  image: PictureInput,
  { steps = 50, baseline = "zeros", seed = 0, ...options }: IntegratedGradientsOptions = {},
): Promise<View<IntegratedGradientsData>> {
  const who = "integratedGradients";
  checkWhole(who, "steps", steps);
  const method = "Integrated gradients";
  return explain(model, image, { who, method }, options, async (question, sampling) => {
    const start = makeBaseline(question.picture, baseline, { seed, who });
    try {
      const found = await findIntegratedGradients(question, start, { steps, ...sampling });
      const { map, perChannel, baselineValue, total } = found;
      const difference = question.value - baselineValue;
      const gap = Math.abs(total - difference);
      const share =
        difference === 0
          ? ""
          : ` (${formatNumber((100 * gap) / Math.abs(difference))}%${gap > 0.05 * Math.abs(difference) ? ": take more steps" : ""})`;
      const from = isTensor(baseline)
        ? "the tensor given"
        : baseline === "noise"
          ? `noise, seed ${seed}`
          : baseline;
      const notes = [
        `${steps} steps from ${from}: the shares sum to ${formatNumber(total)}, the score rises by ${formatNumber(difference)}; ` +
          `completeness gap ${formatNumber(gap)}${share}`,
      ];
      const extra = { steps, seed, baselineScore: baselineValue, gap, perChannel };
      return { map, signed: true, colorMap: "rdbu", percentile: 0.99, notes, extra };
    } finally {
      start.dispose();
    }
  });
}
