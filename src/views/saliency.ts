import { findSaliency } from "../inspect/attributions.ts";
import type { PictureInput } from "../inspect/modelInputs.ts";
import type { Model } from "../inspect/tensors.ts";
import { checkWord } from "./checkOption.ts";
import { explain, type ExplanationData, type ExplanationOptions } from "./explanation.ts";
import type { View } from "./view.ts";

const methods = ["gradient", "gradientXInput"] as const;

/** How {@link saliency} looks for reasons. */
export interface SaliencyOptions extends ExplanationOptions {
  /**
   * `"gradient"` (default): how much the score changes with a pixel, the largest of its channels without sign (Simonyan 2013);
   * `"gradientXInput"`: times the pixel, summed over channels, with sign (Shrikumar 2016).
   */
  method?: (typeof methods)[number];
}

/** The numbers behind the picture of {@link saliency}. */
export interface SaliencyData extends ExplanationData {
  /** The gradient (or its product with the picture) of each number of the picture: `[height, width, channels]`. */
  perChannel: Float32Array;
}

/**
 * Shows which pixels a score depends on most: one run forwards and one backwards, in inference mode (no dropout, running statistics of
 * batch normalization), from the logits (a softmax or sigmoid at the end is left out).
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 3 })] });
 * model.add(tf.layers.flatten());
 * model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
 * const view = await saliency(model, tf.randomUniform([28, 28, 1]), { classIndex: 4 });
 * view.data.map.values; // a number for each pixel
 * ```
 *
 * The text says how well the map names the pixels that count: the mean probability of the class while the strongest pixels are replaced
 * by the mean colour one after the other (deletion), and while they are put back into the blurred picture (insertion; Petsiuk 2018).
 *
 * @param model any model of layers: nested, with several inputs or outputs
 * @param image `[height, width, channels]` or `[1, height, width, channels]`, scaled as in training; for several inputs an array of tensors
 * @throws InputError when the picture does not fit, or there is no such class, output or input, or nothing that can be differentiated
 */
export async function saliency(
  model: Model,
  image: PictureInput,
  { method = "gradient", ...options }: SaliencyOptions = {},
): Promise<View<SaliencyData>> {
  const who = "saliency";
  checkWord(who, "method", method, methods);
  const signed = method === "gradientXInput";
  return explain(
    model,
    image,
    { who, method: signed ? "Gradient × input" : "Saliency" },
    options,
    async (question) => {
      const { map, perChannel } = await findSaliency(question, method);
      const colorMap = signed ? "rdbu" : "magma";
      return { map, signed, colorMap, percentile: 0.99, notes: [], extra: { perChannel } };
    },
  );
}
