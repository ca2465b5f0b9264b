import { InputError } from "../errors.ts";
import {
  camMethods,
  findClassActivation,
  findScoreActivation,
  type CamMethod,
} from "../inspect/classActivation.ts";
import { findConvolution } from "../inspect/findConvolution.ts";
import { countUses, findSite } from "../inspect/findSite.ts";
import { cutGraph } from "../inspect/runGraph.ts";
import type { Site } from "../inspect/modelGraph.ts";
import type { HeatMap } from "../inspect/heatMap.ts";
import type { PictureInput } from "../inspect/modelInputs.ts";
import type { Question } from "../inspect/question.ts";
import type { Model } from "../inspect/tensors.ts";
import { checkWhole, checkWord } from "./checkOption.ts";
import { explain, type ExplanationData, type ExplanationOptions } from "./explanation.ts";
import type { View } from "./view.ts";

/** How {@link gradCam} looks for evidence. */
export interface GradCamOptions extends ExplanationOptions {
  /** Default `"gradcam"`. */
  method?: CamMethod;
  /**
   * The layer whose maps are weighted, by name (inside nested models `"vgg16/block5_conv3"`) or index. Default: the last convolution with
   * maps, with its batch normalization and activation.
   */
  layer?: string | number;
  /** Which use of a layer that the model uses several times, 0 for the first. Default: the first that sees the picture. */
  use?: number;
  /** Score-CAM takes a run for each channel: only so many, those that vary most. Default: all. */
  maxChannels?: number;
}

/** The numbers behind the picture of {@link gradCam}. */
export interface GradCamData extends ExplanationData {
  layer: string;
  use: number;
  /** The map in the size of the layer's maps, before it is enlarged. */
  raw: HeatMap;
}

const names: Record<CamMethod, string> = {
  gradcam: "Grad-CAM",
  "gradcam++": "Grad-CAM++",
  layercam: "LayerCAM",
  scorecam: "Score-CAM",
};

/**
 * Shows where a layer of maps sees evidence for a class: its maps, weighted by how much the score depends on them.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 4, kernelSize: 3 })] });
 * model.add(tf.layers.flatten());
 * model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
 * const view = await gradCam(model, tf.randomUniform([28, 28, 1]), { method: "layercam", classIndex: 4 });
 * view.data.raw; // the map before it was enlarged
 * ```
 *
 * Methods, with the layer's maps A and the gradient g of the score S with respect to them:
 *
 * - `"gradcam"`: relu(Σ mean(g) A) (Selvaraju 2016)
 * - `"gradcam++"`: weights Σ relu(g) g² / (2 g² + Σ(A) g³) instead of the mean (Chattopadhyay 2017)
 * - `"layercam"`: relu(Σ relu(g) A), fine enough for early layers (Jiang 2021)
 * - `"scorecam"`: weights softmax(S(picture × map, enlarged and brought to 0…1)), without gradients (Wang 2020)
 *
 * Scores are logits, the model runs in inference mode, and maps are enlarged linearly. A map without any number above 0 is one: "no
 * positive evidence". The text says how well the map names the pixels that count, see {@link saliency}.
 *
 * @throws InputError as {@link saliency} does; for a layer that is not there, has no maps, or that the score does not depend on
 */
export async function gradCam(
  model: Model,
  image: PictureInput,
  { method = "gradcam", layer, use, maxChannels = Infinity, ...options }: GradCamOptions = {},
): Promise<View<GradCamData>> {
  const who = "gradCam";
  checkWord(who, "method", method, camMethods);
  if (maxChannels !== Infinity) checkWhole(who, "maxChannels", maxChannels);
  return explain(model, image, { who, method: names[method] }, options, async (question, sampling) => {
    const site = chooseSite(question, layer, use);
    const uses = countUses(question.graph, site);
    const notes = [
      `layer “${site.path}”${uses > 1 ? `, use ${site.use} of 0 to ${uses - 1}` : ""}: ${sizeOf(site)}`,
    ];
    let found;
    if (method === "scorecam") {
      const { channels, of, ...maps } = await findScoreActivation(question, site, {
        maxChannels,
        ...sampling,
      });
      if (channels < of) notes.push(`${channels} of ${of} channels make masks`);
      found = maps;
    } else {
      found = await findClassActivation(question, site, method);
    }
    const { raw, map } = found;
    const others = [{ caption: `as it was: ${raw.height}×${raw.width}`, map: raw }];
    const extra = { layer: site.path, use: site.use, raw };
    return { map, signed: false, colorMap: "viridis", others, notes, extra };
  });
}

function chooseSite(
  { graph, score, who, inputSlot, inputName }: Question,
  layer: string | number | undefined,
  use: number | undefined,
): Site {
  const calls = cutGraph(graph, inputSlot, score.slot)?.after ?? [];
  const between = new Set([inputSlot, ...calls.flatMap(({ outputs }) => outputs)]);
  const site =
    layer === undefined
      ? findConvolution(graph, { from: inputSlot, to: score.slot })
      : findSite(graph, { layer, use, among: between, who });
  if (site === undefined) {
    const found = `none in "${graph.model.name}" between its pictures and "${score.outputName}"`;
    throw new InputError({
      who,
      expected: "a convolution with maps",
      found,
      fix: "name a layer: { layer: … }",
    });
  }
  if (!between.has(site.slot)) {
    const expected = `a layer between "${inputName}" and "${score.outputName}"`;
    const found = `"${site.path}"${countUses(graph, site) > 1 ? `, use ${site.use}` : ""}`;
    throw new InputError({ who, expected, found });
  }
  if (site.shape.length === 4) return site;
  const found = `"${site.path}" with ${sizeOf(site)}`;
  throw new InputError({ who, expected: "a layer with maps [height, width, channels]", found });
}

const sizeOf = ({ shape }: Site): string =>
  `output ${shape
    .slice(1)
    .map((size) => size ?? "any")
    .join("×")}`;
