import { InputError } from "../errors.ts";
import { findSmoothGrad } from "../inspect/attributions.ts";
import type { PictureInput } from "../inspect/modelInputs.ts";
import { isTensor } from "../inspect/pictureValues.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { checkNumber, checkWhole } from "./checkOption.ts";
import { explain, type ExplanationData, type ExplanationOptions } from "./explanation.ts";
import type { View } from "./view.ts";

/** How {@link smoothGrad} samples. */
export interface SmoothGradOptions extends ExplanationOptions {
  /** How many noisy pictures. Default 25. */
  samples?: number;
  /**
   * The deviation of the noise as a share of the picture's range (largest less least number). Default 0.15. Or the noise itself, a tensor
   * `[samples, height, width, channels]`.
   */
  noise?: number | Tensor;
  /** The same seed gives the same noise. Default 0. */
  seed?: number;
}

/** The numbers behind the picture of {@link smoothGrad}. */
export interface SmoothGradData extends ExplanationData {
  samples: number;
  seed: number;
  /** The mean gradient of each number of the picture, with its sign: `[height, width, channels]`. */
  perChannel: Float32Array;
}

/**
 * {@link saliency} without its speckles: the mean gradient, with signs, of many copies of the picture with noise (Smilkov 2017). The map
 * is the largest of the channels without sign. `batchSize` copies go through the model at once.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 3 })] });
 * model.add(tf.layers.flatten());
 * model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
 * const view = await smoothGrad(model, tf.randomUniform([28, 28, 1]), { samples: 10, seed: 1 });
 * await view.save("smooth.png");
 * ```
 *
 * @throws InputError as {@link saliency} does
 */
export async function smoothGrad(
  model: Model,
  image: PictureInput,
  { samples: wanted = 25, noise = 0.15, seed = 0, ...options }: SmoothGradOptions = {},
): Promise<View<SmoothGradData>> {
  const who = "smoothGrad";
  const samples = isTensor(noise) ? noise.shape[0] : wanted;
  checkWhole(who, "samples", samples);
  if (!isTensor(noise)) checkNumber(who, "noise", noise, 0);
  return explain(model, image, { who, method: "SmoothGrad" }, options, async (question, sampling) => {
    const { picture } = question;
    if (isTensor(noise) && noise.size !== samples * picture.size) {
      const expected = `noise: a tensor [samples, ${picture.shape.slice(1).join(", ")}]`;
      throw new InputError({ who, expected, found: `[${noise.shape.join(", ")}]` });
    }
    const { map, perChannel } = await findSmoothGrad(question, { samples, noise, seed, ...sampling });
    const level = isTensor(noise)
      ? "noise that was given"
      : `noise of ${formatNumber(100 * noise)}% of the range, seed ${seed}`;
    const notes = [`mean of ${samples} gradients, ${level}`];
    return {
      map,
      signed: false,
      colorMap: "magma",
      percentile: 0.99,
      notes,
      extra: { samples, seed, perChannel },
    };
  });
}
