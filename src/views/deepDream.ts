import { InputError } from "../errors.ts";
import { findDream } from "../inspect/dream.ts";
import { findConvolution } from "../inspect/findConvolution.ts";
import { findSite } from "../inspect/findSite.ts";
import { openModel, type ModelGraph, type Site } from "../inspect/modelGraph.ts";
import { toFreePicture } from "../inspect/modelInputs.ts";
import type { PictureValues } from "../inspect/pictureValues.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { drawPanels } from "../render/panels.ts";
import { checkNumber, checkWhole } from "./checkOption.ts";
import { withPatience } from "./patience.ts";
import { toThumbnail } from "./pictureThumbnail.ts";
import { createView, type View } from "./view.ts";

/** How {@link deepDream} dreams. */
export interface DeepDreamOptions {
  /** Layers by name or index whose answers are made stronger. Default: the convolution at two thirds of the depth. */
  layers?: readonly (string | number)[];
  /** Steps on each octave. Default 15. */
  steps?: number;
  /** On how many sizes of the picture, the last being its own. Default 3. */
  octaves?: number;
  /** How much larger each is than the one before. Default 1.4. */
  octaveScale?: number;
  /** The length of a step, as a share of the picture's range. Default 0.01. */
  learningRate?: number;
  /** Before each step the picture is moved by at most so many pixels. Default 16. */
  jitter?: number;
  /** The same seed gives the same dream. Default 0. */
  seed?: number;
  /** Default: the model. */
  title?: string;
  /** Of the whole, in pixels. Default: so that a picture has 224. */
  width?: number;
  /** The PNG is not larger: it is drawn coarser, if need be. Default 1,500,000. */
  maxBytes?: number;
  /** Stops after the step that is running. Default: the notebook's stop button. */
  signal?: AbortSignal;
}

/** The numbers behind the picture of {@link deepDream}. */
export interface DeepDreamData {
  layers: string[];
  seed: number;
  /** The dream, in the numbers of the picture that was given. */
  dream: PictureValues;
  /** The mean squares of what the layers give, for the picture and for the dream. */
  before: number;
  after: number;
}

/**
 * Makes a picture more of what a network sees in it (Mordvintsev 2015): steps that make the answers of layers stronger, on a small version
 * of the picture first, then on larger ones. Early layers dream of lines, late ones of things.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [32, 32, 3], filters: 4, kernelSize: 5, name: "conv" })] });
 * const view = await deepDream(model, tf.randomUniform([32, 32, 3]), { layers: ["conv"], steps: 5 });
 * await view.save("dream.png");
 * ```
 *
 * @param model with one picture as input; what leads to the layers must work for other sizes than the model's
 * @param image `[height, width, channels]`, scaled as in training, of any size that the layers can be computed for
 * @throws InputError for a layer that is not there, or that cannot be computed for these sizes
 */
export async function deepDream(
  model: Model,
  image: Tensor,
  {
    layers,
    steps = 15,
    octaves = 3,
    octaveScale = 1.4,
    learningRate = 0.01,
    jitter = 16,
    seed = 0,
    title = `Dream of ${model.name}`,
    width,
    maxBytes = 1_500_000,
    signal,
  }: DeepDreamOptions = {},
): Promise<View<DeepDreamData>> {
  const who = "deepDream";
  checkWhole(who, "steps", steps);
  checkWhole(who, "octaves", octaves);
  checkNumber(who, "octaveScale", octaveScale);
  checkNumber(who, "learningRate", learningRate);
  checkWhole(who, "jitter", jitter, 0);
  const graph = openModel(model, who);
  const input = graph.sites.find(({ slot, shape }) => graph.inputs.includes(slot) && shape.length === 4);
  if (input === undefined) {
    throw new InputError({
      who,
      expected: "a model that takes pictures [height, width, channels]",
      found: `"${model.name}"`,
    });
  }
  const sites =
    layers === undefined
      ? [usualSite(graph, input, who)]
      : layers.map((layer) => findSite(graph, { layer, who }));
  if (sites.length === 0) throw new InputError({ who, expected: "at least one layer", found: "none" });
  const picture = toFreePicture(image, input.shape[3] ?? 3, who);
  try {
    const sampling = { input: input.slot, steps, octaves, octaveScale, learningRate, jitter, seed, who };
    const { dream, before, after } = await withPatience("Dreaming", signal, (afterBatch) =>
      dreamOf(graph, sites, picture, { ...sampling, afterBatch }),
    );
    try {
      const [, height, columns, channels] = dream.shape;
      const values = Float32Array.from(await dream.data());
      const names = sites.map(({ path }) => path);
      const data = {
        layers: names,
        seed,
        dream: { values, height, width: columns, channels },
        before,
        after,
      };
      const lines = [
        `mean square of ${names.map((name) => `“${name}”`).join(", ")}: ${formatNumber(before)} → ${formatNumber(after)}`,
        `${octaves} octaves of ${steps} steps, seed ${seed}`,
      ];
      const panels = [
        { caption: "picture", picture: (await toThumbnail(picture)).picture },
        { caption: "dream", picture: (await toThumbnail(dream)).picture },
      ];
      return createView({
        data,
        text: [title, ...lines].join("\n"),
        alt: `${title}: ${lines[0]!}`,
        png: () => drawPanels(panels, { title, notes: lines, width, perRow: 2, maxBytes }),
      });
    } finally {
      dream.dispose();
    }
  } finally {
    picture.dispose();
  }
}

function usualSite(graph: ModelGraph, input: Site, who: string): Site {
  const site = findConvolution(graph, { from: input.slot, to: graph.outputs[0]!, depth: 2 / 3 });
  if (site !== undefined) return site;
  throw new InputError({
    who,
    expected: "a model with convolutions",
    found: `"${graph.model.name}"`,
    fix: "name layers: { layers: [ … ] }",
  });
}

/** What goes wrong inside of layers that were made for one size is said in one line. */
async function dreamOf(
  ...[graph, sites, picture, sampling]: Parameters<typeof findDream>
): ReturnType<typeof findDream> {
  try {
    return await findDream(graph, sites, picture, sampling);
  } catch (cause) {
    if (
      !(cause instanceof Error) ||
      !/shape|dimension|size|expected/i.test(cause.message) ||
      cause instanceof InputError
    )
      throw cause;
    throw new InputError({
      who: sampling.who,
      expected: "layers that can be computed for smaller pictures as well",
      found: `${sites.map(({ path }) => `"${path}"`).join(", ")} (${cause.message})`,
      fix: "take layers before the first flatten or dense, or octaves: 1",
      cause,
    });
  }
}
