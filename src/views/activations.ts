import { InputError } from "../errors.ts";
import { readOutputs, type LayerActivations } from "../inspect/activations.ts";
import { meanKernels, type MeanKernels } from "../inspect/meanKernels.ts";
import { isVisible, layerOutputs, type LayerOutput, type LayerSelection } from "../inspect/layerOutputs.ts";
import { openModel, type ModelGraph } from "../inspect/modelGraph.ts";
import { toBatch, type Pictures } from "../inspect/modelInputs.ts";
import { scaleAdvice } from "../inspect/scaleAdvice.ts";
import { scales, type Scale } from "../inspect/normalize.ts";
import { colorMapNames, type ColorMapName } from "../render/colorMaps.ts";
import type { Model } from "../inspect/tensors.ts";
import { drawActivations } from "./activationsPicture.ts";
import { describeActivations, scaleMeanings } from "./activationsText.ts";
import { checkWhole, checkWord } from "./checkOption.ts";
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
  /** Which pictures of several, by index. Default: the first 8. */
  index?: number | readonly number[];
  /** What the pictures are called, where several are compared. Default "picture 1" and so on. */
  labels?: readonly (string | number)[];
  /** What is light and what is dark, see {@link Scale}; several pictures have one scale. Default `"zscore"`. */
  scale?: Scale | "chollet";
  /** Default `"viridis"`. */
  colorMap?: ColorMapName;
  /** How many maps in a row. Default 16. */
  perRow?: number;
  /** The same as `perRow`. */
  columns?: number;
  /** Writes its number above each map, counted from this. Default: none. */
  numbers?: 0 | 1;
  /** Draws above each map the kernel that makes it, averaged over the channels it reads. Default false. */
  kernels?: boolean;
  /** Also shows what each layer takes, before what it gives. Default false. */
  withInput?: boolean;
  /** About how large the PNG may be: of very large layers only the first channels are drawn. Default 1,500,000. */
  maxBytes?: number;
  /** Default: the name of the model. */
  title?: string;
}

/** What a layer makes of one picture: its numbers, and which of its channels are shown. */
export interface ShownLayer extends LayerActivations {
  shown: number[];
  /** Which picture. */
  picture: number;
}

/** The numbers behind the picture of {@link activations}. */
export interface ActivationsData {
  scale: Scale;
  /** Layer by layer; of several pictures, each layer once for each. */
  layers: ShownLayer[];
  /** Only with the option: the kernels of the layers that have some. */
  kernels?: Record<string, MeanKernels>;
}

const who = "activations";
/** More pictures beside one another are not compared by anybody. */
const mostPictures = 8;
/** A number takes at most a byte of the PNG, the line above a layer so many; the rest is for what stands around. */
const numbersPerByte = 0.93;
const bytesPerLine = 3000;

/**
 * Shows what each layer of a model makes of a picture: every channel as a map, 16 in a row, a grid for each layer. A channel
 * alone is shown large. A hatched map is a channel that says nothing about this picture: the same number everywhere.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 3], filters: 32, kernelSize: 3 })] });
 * const view = activations(model, tf.randomUniform([28, 28, 3]), { layers: 1, scale: "layer" });
 * await view.save("maps.png");
 * view.data.layers[0].dead; // the channels that say nothing
 * ```
 *
 * Several pictures are compared: the maps of a channel stand below one another, in one scale.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3 })] });
 * const [four, nine] = [tf.randomUniform([28, 28, 1]), tf.randomUniform([28, 28, 1])];
 * activations(model, [four, nine], { labels: [4, 9], colorMap: "gray", numbers: 1, kernels: true });
 * ```
 *
 * The pictures are sent through the model once. Numbers are brought to brightness as in Chollet, Deep Learning with Python, by
 * default (`"zscore"`, also called `"chollet"`); `scale` names the other ways, and the picture says which one was taken. The PNG stays
 * below about 1.5 MB: of very large layers only the first channels are drawn, and the text says how many.
 *
 * @param model built
 * @param images a tensor `[height, width, channels]`, a batch of such, or an array of tensors, scaled as in training; for a model with
 *   several inputs an array with a tensor for each, or an array of such arrays
 * @throws InputError for an image that does not fit the model, or a layer or a channel that is not there
 */
export function activations(
  model: Model,
  images: Pictures,
  {
    layers,
    channels,
    index,
    labels,
    scale: wantedScale = "zscore",
    colorMap = "viridis",
    columns,
    perRow = columns ?? 16,
    numbers,
    kernels = false,
    withInput = false,
    maxBytes = 1_500_000,
    title = `Activations of ${model.name}`,
  }: ActivationsOptions = {},
): View<ActivationsData> {
  const scale = wantedScale === "chollet" ? "zscore" : wantedScale;
  checkWord(who, "scale", scale, scales);
  checkWord(who, "colorMap", colorMap, colorMapNames);
  checkWhole(who, columns === undefined ? "perRow" : "columns", perRow);
  checkWhole(who, "maxBytes", maxBytes);
  const graph = openModel(model, who);
  const outputs = layerOutputs(graph, { layers, who });
  const shownOutputs: readonly ShownOutput[] = withInput ? withInputs(graph, outputs) : outputs;
  const { found, chosen, count, advice } = readPictures(graph, images, shownOutputs, index);
  if (labels && labels.length !== chosen.length) {
    throw new InputError({
      who,
      expected: `labels for ${chosen.length} pictures`,
      found: String(labels.length),
    });
  }

  const wanted = found.map(([first]) => chooseChannels(first!, channels));
  const rooms = found.map((pictures, i) => ({
    numbers: (pictures.length + Number(kernels)) * pictures[0]!.height * pictures[0]!.width,
    channels: wanted[i]!.length,
  }));
  const counts = shareOfPixels(rooms, maxBytes * numbersPerByte - bytesPerLine * rooms.length);
  const blocks = found.map((pictures, i) => ({
    pictures,
    shown: wanted[i]!.slice(0, counts[i]),
    kernels:
      kernels && !shownOutputs[i]!.isInput ? meanKernels(shownOutputs[i]!.layer, "activations") : undefined,
  }));
  const data: ActivationsData = {
    scale,
    layers: blocks.flatMap(({ pictures, shown }) =>
      pictures.map((picture, i) => ({ ...picture, shown, picture: chosen[i]! })),
    ),
    ...(kernels && {
      kernels: Object.fromEntries(
        blocks.flatMap((block) => (block.kernels ? [[block.pictures[0]!.name, block.kernels]] : [])),
      ),
    }),
  };
  const names =
    chosen.length === 1 ? [] : chosen.map((which, i) => String(labels?.[i] ?? `picture ${which + 1}`));
  const lines = blocks.map((block, i) => describeActivations(block, wanted[i]!.length, names));
  const cut =
    chosen.length < count && index === undefined ? `; the first ${chosen.length} of ${count} pictures` : "";
  const heading = `${title}${cut}`;
  return createView({
    data,
    text: [
      `${heading} · ${scaleMeanings[scale]}`,
      ...lines.map(({ name, details }) => `${name}  ${details}`),
      ...(advice ? [advice] : []),
    ].join("\n"),
    alt: `${heading}: ${summarize(blocks, lines, names)}`,
    png: () =>
      drawActivations(
        blocks,
        { scale, perRow, labels: names, numbers },
        { lines, title: heading, meaning: scaleMeanings[scale], colorMap, maxBytes },
      ),
  });
}

interface ShownOutput extends LayerOutput {
  /** Whether it is what the layer takes. */
  isInput?: boolean;
}

/** Before each layer what it takes, where that does not stand there anyway. */
function withInputs({ sites }: ModelGraph, outputs: readonly LayerOutput[]): ShownOutput[] {
  return outputs.flatMap((output, i) => {
    const taken = output.inputs
      .map((slot) => ({ slot, shape: sites.find((site) => site.slot === slot)!.shape }))
      .filter(({ slot, shape }) => outputs[i - 1]?.slot !== slot && isVisible(shape));
    const named = taken.map((input, j) => ({
      ...{ ...output, ...input, isInput: true },
      name: `input${taken.length > 1 ? ` ${j + 1}` : ""} of ${output.name}`,
    }));
    return [...named, output];
  });
}

function readPictures(
  graph: ModelGraph,
  images: Pictures,
  outputs: readonly LayerOutput[],
  index: number | readonly number[] | undefined,
): { found: LayerActivations[][]; chosen: number[]; count: number; advice: string | undefined } {
  let chosen: number[] = [];
  let count = 0;
  let advice: string | undefined;
  const found = readOutputs(graph, outputs, () => {
    const batch = toBatch(graph.model, images, who);
    count = batch[0]!.shape[0]!;
    advice = scaleAdvice(graph.model, batch);
    chosen = choosePictures(index, count);
    return chosen.length === count && index === undefined
      ? batch
      : batch.map((tensor) => tensor.gather(chosen));
  });
  return { found, chosen, count, advice };
}

function choosePictures(index: number | readonly number[] | undefined, count: number): number[] {
  if (index === undefined) return Array.from({ length: Math.min(count, mostPictures) }, (_, i) => i);
  const chosen = [index].flat();
  const wrong = chosen.find((each) => !Number.isInteger(each) || each < 0 || each >= count);
  if (wrong === undefined && chosen.length > 0) return chosen;
  const found = wrong === undefined ? "none" : String(wrong);
  throw new InputError({ who, expected: `index: pictures 0 to ${count - 1}`, found });
}

/** The first layers in words, and of the others how many there are and how many of their channels are dead. */
function summarize(
  blocks: readonly { pictures: readonly LayerActivations[] }[],
  lines: readonly { name: string; details: string }[],
  names: readonly string[],
): string {
  const said = lines.slice(0, 3).map(({ name, details }) => `${name}, ${details.replaceAll("   ", ", ")}`);
  const others = blocks.slice(said.length).map(({ pictures: [first] }) => first!);
  const dead = others.reduce((sum, { shape, dead }) => sum + (shape.length > 1 ? dead.length : 0), 0);
  const parts = [
    ...said,
    others.length > 0 &&
      `${others.length} more ${others.length === 1 ? "layer" : "layers"}${names.length === 0 && dead > 0 ? ` with ${dead} dead channels` : ""}`,
    names.length > 0 && names.join(" beside "),
  ];
  return parts.filter((part) => part !== false).join("; ");
}

function chooseChannels(
  { name, channels }: LayerActivations,
  wanted: number | readonly number[] = channels,
): number[] {
  if (typeof wanted === "number" && !(Number.isInteger(wanted) && wanted > 0)) {
    const expected = "channels: a number above 0, or a list";
    throw new InputError({ who, expected, found: String(wanted) });
  }
  if (typeof wanted === "number") return Array.from({ length: Math.min(wanted, channels) }, (_, i) => i);
  if (wanted.length === 0) {
    throw new InputError({ who, expected: "at least one channel", found: "none" });
  }
  for (const channel of wanted) {
    if (Number.isInteger(channel) && channel >= 0 && channel < channels) continue;
    const expected = `a channel of layer "${name}", 0 to ${String(channels - 1)}`;
    throw new InputError({ who, expected, found: String(channel) });
  }
  return [...wanted];
}
