import { InputError } from "../errors.ts";
import { findOcclusion } from "../inspect/occlusionMap.ts";
import type { HeatMap } from "../inspect/heatMap.ts";
import type { PictureInput } from "../inspect/modelInputs.ts";
import type { Model } from "../inspect/tensors.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { checkWhole } from "./checkOption.ts";
import { explain, type ExplanationData, type ExplanationOptions } from "./explanation.ts";
import type { View } from "./view.ts";

/** How {@link occlusion} covers the picture. */
export interface OcclusionOptions extends ExplanationOptions {
  /** Height and width of the patch, in pixels. Default: an eighth of the larger side. */
  patch?: number | readonly [number, number];
  /** How far the patch moves. Default: half of it. */
  stride?: number | readonly [number, number];
  /** What is put in place: `"mean"` (default), the mean of each channel; `"blur"`; or a number. */
  fill?: "mean" | "blur" | number;
}

/** The numbers behind the picture of {@link occlusion}. */
export interface OcclusionData extends ExplanationData {
  patch: [number, number];
  stride: [number, number];
  /** For each place of the patch how much the score falls. */
  drops: HeatMap;
  /** Where the patches begin, from the top and from the left. */
  rows: number[];
  columns: number[];
}

/**
 * Covers the picture with a patch, place by place, and shows how much the score falls (Zeiler 2013): red where the class needs what is
 * covered, blue where it gains. A pixel has the mean of the patches that cover it. It needs no gradients, but many runs.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 3 })] });
 * model.add(tf.layers.flatten());
 * model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
 * const view = await occlusion(model, tf.randomUniform([28, 28, 1]), { patch: 7, stride: 7 });
 * view.data.drops; // one for each place of the patch
 * ```
 *
 * @throws InputError as {@link saliency} does, and for a patch that is larger than the picture
 */
export async function occlusion(
  model: Model,
  image: PictureInput,
  { patch, stride, fill = "mean", ...options }: OcclusionOptions = {},
): Promise<View<OcclusionData>> {
  const who = "occlusion";
  if (fill !== "mean" && fill !== "blur" && !Number.isFinite(fill)) {
    throw new InputError({ who, expected: 'fill: "mean", "blur" or a number', found: JSON.stringify(fill) });
  }
  return explain(model, image, { who, method: "Occlusion" }, options, async (question, sampling) => {
    const { height, width } = question;
    const usual = Math.max(1, Math.round(Math.max(height, width) / 8));
    const size = toPair(patch ?? [Math.min(usual, height), Math.min(usual, width)]);
    const step = toPair(stride ?? [Math.ceil(size[0] / 2), Math.ceil(size[1] / 2)]);
    for (const length of size) checkWhole(who, "patch", length);
    for (const length of step) checkWhole(who, "stride", length);
    if (size[0] > height || size[1] > width || step[0] > size[0] || step[1] > size[1]) {
      const expected = `a patch within ${height}×${width}, moved by no more than its size`;
      throw new InputError({ who, expected, found: `patch ${size.join("×")}, stride ${step.join("×")}` });
    }
    const found = await findOcclusion(question, { patch: size, stride: step, fill, ...sampling });
    const { map, drops, rows, columns } = found;
    const most = drops.values.reduce((a, b) => Math.max(a, b));
    const at = drops.values.indexOf(most);
    const [top, left] = [rows[Math.floor(at / drops.width)]!, columns[at % drops.width]!];
    const what =
      typeof fill === "number"
        ? formatNumber(fill)
        : fill === "mean"
          ? "the mean colour"
          : "the picture blurred";
    const notes = [
      `${size.join("×")} pixels covered by ${what}, ${drops.values.length} places ${step.join("×")} apart; the score falls most, ` +
        `by ${formatNumber(most)} of ${formatNumber(question.value)}, with the patch ${top} pixels from the top and ${left} from the left`,
    ];
    const extra = { patch: size, stride: step, drops, rows, columns };
    return { map, signed: true, colorMap: "rdbu", notes, extra };
  });
}

function toPair(size: number | readonly [number, number]): [number, number] {
  return typeof size === "number" ? [size, size] : [size[0], size[1]];
}
