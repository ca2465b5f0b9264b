import { InputError } from "../errors.ts";
import { readActivations, type LayerActivations } from "../inspect/activations.ts";
import type { LayerSelection } from "../inspect/layerOutputs.ts";
import { scales, type Scale } from "../inspect/normalize.ts";
import { colorMapNames, type ColorMapName } from "../render/colorMaps.ts";
import { formatNumber } from "../render/formatNumber.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import { drawActivations } from "./activationsPicture.ts";
import { shareOfPixels } from "./shareOfPixels.ts";
import { createView, type View } from "./view.ts";

/** How {@link activations} shows what it found. */
export interface ActivationsOptions {
  /**
   * Layers by name or index (negative: from the end), or a number for that many from the start. Default: all but the inputs.
   */
  layers?: LayerSelection;
  /** Channels by index, or a number for that many from the start. Default: all. */
  channels?: number | readonly number[];
  /** What is light and what is dark, see {@link Scale}. Default `"zscore"`. */
  scale?: Scale;
  /** Default `"viridis"`. */
  colorMap?: ColorMapName;
  /** How many maps in a row. Default 16. */
  columns?: number;
  /** Default: the name of the model. */
  title?: string;
}

/** A layer in the picture: its numbers, and which of its channels are shown. */
export interface ShownLayer extends LayerActivations {
  shown: number[];
}

/** The numbers behind the picture of {@link activations}. */
export interface ActivationsData {
  scale: Scale;
  layers: ShownLayer[];
}

/**
 * Shows what each layer of a model makes of one picture: every channel as a map, 16 in a row, a grid for each layer. A channel
 * alone is shown large. A hatched map is a channel that says nothing about this picture: the same number everywhere.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 3], filters: 32, kernelSize: 3 })] });
 * const view = activations(model, tf.randomUniform([28, 28, 3]), { layers: 1, scale: "layer" });
 * await view.save("maps.png");
 * view.data.layers[0].dead; // the channels that say nothing
 * ```
 *
 * The picture is sent through the model once. Numbers are brought to brightness as in Chollet, Deep Learning with Python, by
 * default; `scale` names the other ways, and the picture says which one was taken. The PNG stays below about 1.5 MB: of very
 * large layers only the first channels are drawn, and the text says how many.
 *
 * @param model built, with one input
 * @param image a tensor `[height, width, channels]` or `[1, height, width, channels]`, scaled as in training
 * @throws InputError for an image that does not fit the model, or a layer or a channel that is not there
 */
export function activations(
  model: Model,
  image: Tensor,
  {
    layers,
    channels,
    scale = "zscore",
    colorMap = "viridis",
    columns = 16,
    title = `Activations of ${model.name}`,
  }: ActivationsOptions = {},
): View<ActivationsData> {
  checkChoice("scale", scale, scales);
  checkChoice("colorMap", colorMap, colorMapNames);
  if (!Number.isInteger(columns) || columns < 1) {
    throw new InputError({
      who: "activations",
      expected: "columns: a whole number above 0",
      found: String(columns),
    });
  }
  const found = readActivations(model, image, { layers });
  const wanted = found.map((layer) => chooseChannels(layer, channels));
  const shown = shareOfPixels(found, wanted);
  const data = { scale, layers: found.map((layer, i) => ({ ...layer, shown: shown[i]! })) };

  const lines = data.layers.map((layer, i) => describeLayer(layer, wanted[i]!.length));
  return createView({
    data,
    text: [
      `${title} · ${scaleMeanings[scale]}`,
      ...lines.map(({ name, details }) => `${name}  ${details}`),
    ].join("\n"),
    alt: `${title}: ${data.layers.map(({ name }) => name).join(", ")}`,
    png: () => drawActivations(data, { lines, title, meaning: scaleMeanings[scale], colorMap, columns }),
  });
}

const scaleMeanings: Record<Scale, string> = {
  zscore: "each channel by itself: mean ± 2 standard deviations",
  channel: "each channel by itself: least to largest",
  percentile: "each channel by itself: percentiles 1 to 99",
  layer: "one scale for each layer: least to largest",
  shared: "one scale for all layers: least to largest",
};

function checkChoice(option: string, found: string, choices: readonly string[]): void {
  if (choices.includes(found)) return;
  const expected = `${option}: one of ${choices.join(", ")}`;
  throw new InputError({ who: "activations", expected, found: JSON.stringify(found) });
}

function chooseChannels(
  { name, channels }: LayerActivations,
  wanted: number | readonly number[] = channels,
): number[] {
  if (typeof wanted === "number" && !(Number.isInteger(wanted) && wanted > 0)) {
    const expected = "channels: a number above 0, or a list";
    throw new InputError({ who: "activations", expected, found: String(wanted) });
  }
  if (typeof wanted === "number") return Array.from({ length: Math.min(wanted, channels) }, (_, i) => i);
  if (wanted.length === 0) {
    throw new InputError({ who: "activations", expected: "at least one channel", found: "none" });
  }
  for (const channel of wanted) {
    if (Number.isInteger(channel) && channel >= 0 && channel < channels) continue;
    const expected = `a channel of layer "${name}", 0 to ${String(channels - 1)}`;
    throw new InputError({ who: "activations", expected, found: String(channel) });
  }
  return [...wanted];
}

/** "28×28×32   3 dead   range 0…4.1", and what else there is to know about the channels shown. */
function describeLayer(layer: ShownLayer, wanted: number): { name: string; details: string } {
  const { name, shape, channels, channelMin, channelMax, nonFinite, shown } = layer;
  const dead = layer.dead.filter((channel) => shown.includes(channel)).length;
  const min = Math.min(...shown.map((channel) => channelMin[channel]!));
  const max = Math.max(...shown.map((channel) => channelMax[channel]!));
  const parts = [
    shape.join("×"),
    shown.length === 1 && channels > 1 && `channel ${String(shown[0])}`,
    dead > 0 && `${String(dead)} ${shape.length === 1 ? "at zero" : "dead"}`,
    `range ${formatNumber(min)}…${formatNumber(max)}`,
    nonFinite > 0 && `${String(nonFinite)} not finite`,
    shown.length < wanted && `cut: the first ${String(shown.length)} of ${String(wanted)} channels`,
  ];
  return { name, details: parts.filter((part) => part !== false).join("   ") };
}
