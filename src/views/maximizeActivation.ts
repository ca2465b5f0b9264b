import { InputError } from "../errors.ts";
import { findSite } from "../inspect/findSite.ts";
import { openModel, type ModelGraph } from "../inspect/modelGraph.ts";
import { findMaximum, type Stage } from "../inspect/maximize.ts";
import type { PictureSize } from "../inspect/picturePlane.ts";
import { cutGraph } from "../inspect/runGraph.ts";
import { siteChannels } from "../inspect/siteChannels.ts";
import type { Model } from "../inspect/tensors.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { drawPanels, type Panel } from "../render/panels.ts";
import { valuesToThumbnail } from "../render/thumbnail.ts";
import { checkNumber, checkWhole } from "./checkOption.ts";
import { withPatience } from "./patience.ts";
import { createView, type View } from "./view.ts";

/** How {@link maximizeActivation} looks for a picture. */
export interface MaximizeOptions {
  /** How many steps. Default 64. */
  steps?: number;
  /** The length of a step: the root mean square of what is added to the numbers behind the picture. Default 0.02. */
  learningRate?: number;
  /** Before each step the picture is moved by at most so many pixels, so that no pixel counts by itself. Default: a sixteenth of the side. */
  jitter?: number;
  /** Weight of the total variation: more gives smoother pictures. Default 0. */
  tv?: number;
  /** Weight of the distance from grey: more gives paler pictures. Default 0. */
  l2?: number;
  /** Whether the frequencies of the picture are changed instead of its pixels. Default true. */
  fourier?: boolean;
  /** The same seed gives the same picture. Default 0. */
  seed?: number;
  /** Height and width, where the layer can be computed for other sizes than the model's. Default: those of the model, or 128. */
  size?: number | readonly [number, number];
  /** The numbers that are black and white for the model. Default [0, 1], or [0, 255] where it scales pictures itself. */
  range?: readonly [number, number];
  /** Which use of a layer that the model uses several times. Default 0. */
  use?: number;
  /** Names of channels, for a layer of classes. */
  classNames?: readonly string[];
  /** Default: the layer and the model. */
  title?: string;
  /** How many pictures stand in a row. Default 4. */
  perRow?: number;
  /** Of the whole, in pixels. Default: so that a picture has 224. */
  width?: number;
  /** The PNG is not larger: it is drawn coarser, if need be. Default 1,500,000. */
  maxBytes?: number;
  /** Stops after the step that is running. Default: the notebook's stop button. */
  signal?: AbortSignal;
}

/** What is found for a channel. */
export interface MaximizedChannel {
  channel: number;
  /** From the noise at the beginning to the picture at the end. */
  stages: Stage[];
}

/** The numbers behind the picture of {@link maximizeActivation}. */
export interface MaximizeData {
  layer: string;
  seed: number;
  steps: number;
  range: readonly [number, number];
  channels: MaximizedChannel[];
}

/**
 * Makes pictures that a channel of a layer answers to most strongly: from noise, by steps along the gradient of the channel's mean
 * (Erhan 2009; Olah 2017). For one channel the way is shown, for several the last picture of each.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [32, 32, 3], filters: 4, kernelSize: 5, name: "conv" })] });
 * const view = await maximizeActivation(model, "conv", [0, 3], { steps: 10, seed: 1 });
 * view.data.channels[0].stages; // pictures and how strongly the channel answers
 * ```
 *
 * Of a layer of classes with a softmax or sigmoid, the logits are maximised; of a channel that is 0 everywhere, what comes before its ReLU. The text says how far the activation rose: a picture for which
 * it hardly did shows nothing.
 *
 * @param layer by name (inside nested models `"vgg16/block5_conv3"`) or index
 * @param channel by index, or several
 * @throws InputError for a layer or channel that is not there, or a size that the layer cannot be computed for
 */
export async function maximizeActivation(
  model: Model,
  layer: string | number,
  channel: number | readonly number[],
  options: MaximizeOptions = {},
): Promise<View<MaximizeData>> {
  const who = "maximizeActivation";
  const {
    steps = 64,
    learningRate = 0.02,
    tv = 0,
    l2 = 0,
    fourier = true,
    seed = 0,
    use,
    classNames,
  } = options;
  const { perRow = 4, width, maxBytes = 1_500_000, signal } = options;
  checkWhole(who, "steps", steps);
  checkNumber(who, "learningRate", learningRate);
  checkNumber(who, "tv", tv, 0);
  checkNumber(who, "l2", l2, 0);
  checkWhole(who, "perRow", perRow);
  const graph = openModel(model, who);
  const site = findSite(graph, { layer, use, who });
  const chosen = siteChannels(site, typeof channel === "number" ? [channel] : channel, who);
  const { input, ...size } = findPlane(graph, options.size, who);
  if (cutGraph(graph, input, site.slot) === undefined) {
    const expected = "a layer that depends on the picture";
    throw new InputError({ who, expected, found: `"${site.path}"` });
  }
  const jitter = options.jitter ?? Math.round(Math.min(size.height, size.width) / 16);
  checkWhole(who, "jitter", jitter, 0);
  const scales = graph.calls.some(({ layer: own }) => own.getClassName() === "Rescaling");
  const { range = scales ? ([0, 255] as const) : ([0, 1] as const) } = options;
  const keep = chosen.length > 1 ? [0] : [0, Math.round(steps / 8), Math.round(steps / 2)];
  const sampling = { input, ...size, range, fourier, steps, learningRate, jitter, tv, l2, seed, keep, who };

  const channels = await withPatience("Maximizing", signal, async (afterBatch) => {
    const found: MaximizedChannel[] = [];
    for (const [i, one] of chosen.entries()) {
      const progress = (done: number): Promise<void> => afterBatch(i * steps + done, chosen.length * steps);
      found.push({
        channel: one,
        stages: await climb(graph, site, one, { ...sampling, afterBatch: progress }),
      });
    }
    return found;
  });
  const data = { layer: site.path, seed, steps, range, channels };
  const title = options.title ?? `What “${site.path}” of ${model.name} answers to`;
  const own = channels.map((found) => describe(found, classNames));
  const lines = [
    channels.length === 1 ? own[0]! : summarize(channels),
    `${steps} steps from noise, seed ${seed}; ${fourier ? "frequencies" : "pixels"}, jitter ${jitter}, tv ${tv}, l2 ${l2}; black is ${formatNumber(range[0])}, white ${formatNumber(range[1])}`,
  ];
  return createView({
    data,
    text: [title, ...lines, ...(channels.length === 1 ? [] : own)].join("\n"),
    alt: `${title}: ${lines[0]!}`,
    png: () => drawPanels(panelsOf(data, classNames), { title, notes: lines, width, perRow, maxBytes }),
  });
}

/** What goes wrong inside of layers that were made for another size is said in one line. */
async function climb(...[graph, site, channel, sampling]: Parameters<typeof findMaximum>): Promise<Stage[]> {
  try {
    return await findMaximum(graph, site, channel, sampling);
  } catch (cause) {
    const own = graph.sites.find(({ slot }) => slot === sampling.input)!.shape;
    const isOther = own[1] !== sampling.height || own[2] !== sampling.width;
    if (!isOther || !(cause instanceof Error) || cause instanceof InputError || cause.name === "AbortError")
      throw cause;
    const found = `${sampling.height}×${sampling.width} (${cause.message})`;
    const expected = `a size that "${site.path}" can be computed for`;
    throw new InputError({ who: sampling.who, expected, found, fix: "leave size out", cause });
  }
}

function findPlane(
  graph: ModelGraph,
  wanted: MaximizeOptions["size"],
  who: string,
): PictureSize & { input: number } {
  const inputs = graph.inputs.map((slot) => graph.sites.find((site) => site.slot === slot)!);
  const input =
    inputs.find(({ shape }) => shape.length === 4) ?? inputs.find(({ shape }) => shape.length === 3);
  if (input === undefined) {
    const found = inputs.map(({ shape }) => `[${shape.slice(1).join(", ")}]`).join(", ");
    throw new InputError({ who, expected: "an input that takes pictures [height, width, channels]", found });
  }
  const [, height, width, channels] = input.shape;
  const [rows, columns] =
    typeof wanted === "number" ? [wanted, wanted] : (wanted ?? [height ?? 128, width ?? 128]);
  checkWhole(who, "size", rows, 2);
  checkWhole(who, "size", columns, 2);
  return {
    input: input.slot,
    height: rows,
    width: columns,
    channels: input.shape.length === 3 ? 1 : (channels ?? 3),
  };
}

function nameOf(channel: number, classNames: readonly string[] | undefined): string {
  const name = classNames?.[channel];
  return name === undefined ? `channel ${channel}` : `“${name}” (channel ${channel})`;
}

/** How many of several channels rose, and which did not. */
function summarize(channels: readonly MaximizedChannel[]): string {
  const still = channels.filter(({ stages }) => stages.at(-1)!.activation <= stages[0]!.activation);
  const names = still.map(({ channel }) => channel).join(", ");
  return `${channels.length - still.length} of ${channels.length} channels rose${still.length > 0 ? `, not ${names}` : ""}`;
}

function describe({ channel, stages }: MaximizedChannel, classNames: readonly string[] | undefined): string {
  const [first, last] = [stages[0]!, stages.at(-1)!];
  const change = `${formatNumber(first.activation)} → ${formatNumber(last.activation)}`;
  return `${nameOf(channel, classNames)}: ${change}${last.activation > first.activation ? "" : ", which did not rise"}`;
}

function panelsOf({ channels, range }: MaximizeData, classNames: readonly string[] | undefined): Panel[] {
  const toPanel = (stage: Stage, caption: string): Panel => ({
    caption,
    picture: valuesToThumbnail(stage.values, { ...stage, range }),
  });
  if (channels.length === 1) {
    return channels[0]!.stages.map((stage) =>
      toPanel(stage, `step ${stage.step}: ${formatNumber(stage.activation)}`),
    );
  }
  return channels.map(({ channel, stages }) => {
    return toPanel(stages.at(-1)!, describe({ channel, stages }, classNames));
  });
}
