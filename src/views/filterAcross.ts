import { InputError } from "../errors.ts";
import { readOutputs, type LayerActivations } from "../inspect/activations.ts";
import { layerOutputs } from "../inspect/layerOutputs.ts";
import { openModel } from "../inspect/modelGraph.ts";
import { toBatch, type Pictures } from "../inspect/modelInputs.ts";
import { normalizeMaps, scales, type Scale } from "../inspect/normalize.ts";
import type { Model } from "../inspect/tensors.ts";
import type { PreprocessingMode } from "../inspect/undoPreprocessing.ts";
import { colorMap, colorMapNames, type ColorMapName } from "../render/colorMaps.ts";
import { drawContactSheet } from "../render/contactSheet.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { mapThumbnail, stackThumbnails } from "../render/mapThumbnail.ts";
import type { Thumbnail } from "../render/thumbnail.ts";
import { checkWhole, checkWord } from "./checkOption.ts";
import { chooseShown } from "./chooseShown.ts";
import { listPictures } from "./galleryPictures.ts";
import { labelNames, type NamesOrLabels } from "./labelNames.ts";
import { createView, type View } from "./view.ts";

/** How {@link filterAcross} shows a filter. */
export interface FilterAcrossOptions {
  /** `"shared"`: one scale for all pictures; others see {@link Scale}, each picture by itself. Default `"shared"`. */
  scale?: Scale;
  /** What each picture shows: names, or indices of classes. */
  labels?: NamesOrLabels;
  /** Names of the classes, where labels are indices. */
  classNames?: readonly string[];
  /** A picture leaves the filter silent when the numbers of its map differ by no more than this share of the range of all. Default 0.05. */
  silence?: number;
  /** Default `"viridis"`. */
  colorMap?: ColorMapName;
  /** How many pictures in a row. Default 10. */
  perRow?: number;
  /** So many pictures, drawn at random. Default: all, up to 100; of more, 100 are drawn. */
  sample?: number;
  /** Chooses which ones are drawn. Default 1. */
  seed?: number;
  /** What was done to the pictures for the network, see {@link PreprocessingMode}: it is undone for looking at them. */
  preprocessing?: PreprocessingMode;
  /** How large the PNG may be: of too many or too large pictures it is drawn smaller, then without the last ones. Default 1,500,000. */
  maxBytes?: number;
  /** Default: the names of layer and channel. */
  title?: string;
}

/** What a filter makes of one picture. */
export interface FilterResponse {
  /** Which picture. */
  index: number;
  label?: string;
  /** Whether its numbers are nearly the same everywhere, see {@link FilterAcrossOptions}; of a map of one number, whether it is near 0. */
  silent: boolean;
  /** Whether it is the same number everywhere; of a map of one number, whether it is 0. */
  dead: boolean;
  /** How many numbers are not finite; the others make the range. */
  nonFinite: number;
  min: number;
  max: number;
  /** The map, rows from the top. */
  values: Float32Array;
}

/** The numbers behind the picture of {@link filterAcross}. */
export interface FilterAcrossData {
  layer: string;
  channel: number;
  height: number;
  width: number;
  /** Of all pictures: what is darkest and lightest with the shared scale. */
  range: [number, number];
  responses: FilterResponse[];
}

const who = "filterAcross";
const mostPictures = 100;
/** Pictures and maps are drawn about this large. */
const side = 84;

/**
 * Shows what one filter makes of many pictures: each with its map below, in one scale that is printed, and which pictures leave the
 * filter silent.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3, name: "conv" })] });
 * const view = filterAcross(model, "conv", 11, tf.randomUniform([20, 28, 28, 1]));
 * view.data.responses.filter(({ silent }) => silent).length;
 * ```
 *
 * @param model built, with one input that takes pictures
 * @param layer its name or index
 * @param channel its index, from 0
 * @param images `[n, height, width, channels]`, or an array of tensors, scaled as in training
 * @throws InputError for pictures that do not fit the model, or a layer or a channel that is not there
 */
export function filterAcross(
  model: Model,
  layer: string | number,
  channel: number,
  images: Pictures,
  {
    scale = "shared",
    labels,
    classNames,
    silence = 0.05,
    colorMap: colors = "viridis",
    perRow = 10,
    sample,
    seed = 1,
    preprocessing,
    maxBytes = 1_500_000,
    title,
  }: FilterAcrossOptions = {},
): View<FilterAcrossData> {
  checkWord(who, "scale", scale, scales);
  checkWord(who, "colorMap", colors, colorMapNames);
  checkWhole(who, "perRow", perRow);
  checkWhole(who, "maxBytes", maxBytes);
  if (!(silence >= 0 && silence < 1)) {
    throw new InputError({ who, expected: "silence: a share from 0 to below 1", found: String(silence) });
  }
  const graph = openModel(model, who);
  const outputs = layerOutputs(graph, { layers: [layer], who }).slice(0, 1);
  const pictures = listPictures(images, { who, preprocessing, model });
  const size = sample ?? (pictures.count > mostPictures ? mostPictures : undefined);
  const { indices, note } = chooseShown(pictures.count, { sample: size, seed, who });
  const names = labels && labelNames(labels, { classNames, count: pictures.count, who, what: "labels" });
  const [found] = readOutputs(graph, outputs, () =>
    toBatch(model, images, who).map((tensor) => (note ? tensor.gather(indices) : tensor)),
  );
  const filter = oneChannel(found!, channel);
  const { name, height, width } = filter;
  const responses = indices.map((index, i): FilterResponse => {
    const own = found![i]!;
    const [min, max] = [own.channelMin[channel]!, own.channelMax[channel]!];
    const values = mapOf(filter, i);
    const dead = own.dead.includes(channel);
    const spread = height * width === 1 ? Math.abs(max) : max - min;
    const silent = dead || (min <= max && spread <= silence * (filter.max - filter.min));
    const nonFinite = values.filter((value) => !Number.isFinite(value)).length;
    return { index, ...(names && { label: names[index]! }), silent, dead, nonFinite, min, max, values };
  });
  const data: FilterAcrossData = {
    layer: name,
    channel,
    height,
    width,
    range: [filter.min, filter.max],
    responses,
  };

  const heading = title ?? `${name}, channel ${channel}`;
  const isShared = scale === "shared" || scale === "layer";
  const notes = [
    note,
    describeSilence(data),
    isShared ? undefined : "each picture by itself: maps cannot be compared",
    pictures.note,
  ].filter((line) => line !== undefined);
  const lines = responses.map(describeResponse);
  const read = pictures.choose(indices);
  const bytes = normalizeMaps(filter, {
    ...{
      chosen: responses.map((_, i) => i),
      scale: isShared ? ("layer" as const) : scale,
      range: data.range,
    },
  });

  async function draw() {
    const inputs = await read();
    const cells = responses.map((response, i) => ({
      picture: pairOf(inputs[i]!, bytes.subarray(i * height * width), response),
      caption: captionOf(response),
    }));
    const bar = isShared && {
      colors: colorMap(colors),
      low: formatNumber(data.range[0]),
      high: `${formatNumber(data.range[1])}, one scale for all`,
    };
    return drawContactSheet(cells, { title: heading, notes, columns: perRow, maxBytes, ...(bar && { bar }) });
  }
  function pairOf(input: Thumbnail, map: Uint8Array, { dead }: FilterResponse): Thumbnail {
    const large = Math.min(Math.max(input.width, input.height, side), 128);
    return stackThumbnails(input, mapThumbnail(map, { width, height, colors, hatched: dead }), large, 4);
  }
  return createView({
    data,
    text: [`${heading}: ${describeRange(data)}`, ...notes, ...lines].join("\n"),
    alt: `${heading}: ${describeRange(data)}; ${describeSilence(data)}`,
    png: draw,
  });
}

/** One channel of several pictures as a layer whose channels are the pictures. */
function oneChannel(pictures: readonly LayerActivations[], channel: number): LayerActivations {
  const [first] = pictures;
  const { name, channels, height, width } = first!;
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels) {
    const expected = `a channel of layer "${name}", 0 to ${channels - 1}`;
    throw new InputError({ who, expected, found: String(channel) });
  }
  const values = new Float32Array(height * width * pictures.length);
  pictures.forEach((picture, i) => {
    for (let position = 0; position < height * width; position++) {
      values[position * pictures.length + i] = picture.values[position * channels + channel]!;
    }
  });
  const min = Math.min(...pictures.map(({ channelMin }) => channelMin[channel]!));
  const max = Math.max(...pictures.map(({ channelMax }) => channelMax[channel]!));
  return { ...first!, values, channels: pictures.length, min, max };
}

function mapOf({ values, channels, height, width }: LayerActivations, picture: number): Float32Array {
  return Float32Array.from(
    { length: height * width },
    (_, position) => values[position * channels + picture]!,
  );
}

const captionOf = ({ label, silent, nonFinite, min, max }: FilterResponse): string[] => [
  ...(label === undefined ? [] : [label]),
  min > max ? "no finite number" : `${silent ? "silent" : "up to"} ${formatNumber(max)}`,
  ...(nonFinite > 0 && min <= max ? [`${nonFinite} not finite`] : []),
];

const spanOf = (low: number, high: number): string =>
  low > high ? "no finite number" : `${formatNumber(low)}…${formatNumber(high)}`;

function describeRange({ range: [low, high], responses }: FilterAcrossData): string {
  const count = `${responses.length} ${responses.length === 1 ? "picture" : "pictures"}`;
  const nonFinite = responses.reduce((sum, response) => sum + response.nonFinite, 0);
  const broken = nonFinite > 0 ? `, ${nonFinite.toLocaleString("en-US")} numbers not finite` : "";
  return `${count}, ${low > high ? "" : "range "}${spanOf(low, high)}${broken}`;
}

/** "silent for 3 of 20 pictures: 4 (2 of 2), 9 (1 of 3)". */
function describeSilence({ responses }: FilterAcrossData): string {
  const silent = responses.filter((response) => response.silent);
  if (silent.length === 0) return "silent for none of them";
  const head = `silent for ${silent.length} of ${responses.length}`;
  if (responses[0]!.label === undefined) {
    const list = silent.slice(0, 20).map(({ index }) => index + 1);
    return `${head}: ${list.length === 1 ? "picture" : "pictures"} ${list.join(", ")}${silent.length > 20 ? " …" : ""}`;
  }
  const labels = [...new Set(silent.map(({ label }) => label!))].sort();
  const parts = labels.map((label) => {
    const own = responses.filter((response) => response.label === label);
    return `${label} (${own.filter((response) => response.silent).length} of ${own.length})`;
  });
  return `${head}: ${parts.join(", ")}`;
}

function describeResponse({ index, label, silent, min, max }: FilterResponse): string {
  const what = label === undefined ? "" : ` (${label})`;
  return `picture ${index + 1}${what}: ${silent ? "silent, " : ""}${spanOf(min, max)}`;
}
