import { InputError } from "../errors.ts";
import { findLayer } from "../inspect/findLayer.ts";
import { readKernels, type Kernels } from "../inspect/kernels.ts";
import type { Model } from "../inspect/tensors.ts";
import { colorMapNames, type ColorMapName } from "../render/colorMaps.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { checkWhole, checkWord } from "./checkOption.ts";
import { drawFilters } from "./filtersPicture.ts";
import { createDrawingView } from "./drawingView.ts";
import type { View } from "./view.ts";

/** How {@link filters} shows the weights of a layer. */
export interface FiltersOptions {
  /**
   * `"rgb"`: each filter as a small picture in colours, for layers that take pictures of three channels, and the default there;
   * `"signed"`: each kernel by itself, negative blue, zero white, positive red, and the default elsewhere.
   */
  colors?: "rgb" | "signed";
  /**
   * What full colour means: the largest weight of the `"layer"` (default of `"signed"`) or of each `"filter"` (default of `"rgb"`,
   * whose least weight is black and whose largest is white).
   */
  scale?: "layer" | "filter";
  /** For `"signed"`. Default `"rdbu"`. */
  colorMap?: ColorMapName;
  /** Which page, from 1, where there are more kernels than fit on one. Default 1. */
  page?: number;
  /** How many filters in a row, where each is one tile. Default 16. */
  perRow?: number;
  /** Default: the name of the layer. */
  title?: string;
}

/** The numbers behind the picture of {@link filters}: the weights, `[filter][channel]` maps one after the other, and what is shown. */
export interface FiltersData extends Kernels {
  colors: "rgb" | "signed";
  scale: "layer" | "filter";
  min: number;
  max: number;
  /** The largest size of a weight. */
  limit: number;
  /** How many weights are zero, and how many are NaN or infinite. */
  zeros: number;
  nonFinite: number;
  page: number;
  pages: number;
  shownFilters: number[];
  shownChannels: number[];
}

const who = "filters";
/** So many filters by so many channels, or so many tiles in all, make a page. */
const matrixPage = 32;
const tilesPage = 512;

/**
 * Shows the weights of a layer. Of a first layer on colour pictures each filter is a small picture; of others there is a tile for each
 * filter (a row) and each channel that it looks at (a column), on one scale with zero in the middle.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 3], filters: 32, kernelSize: 5, name: "conv" })] });
 * await filters(model, "conv").save("filters.png");
 * ```
 *
 * @param layer its name or index (negative: from the end); one of a nested model by its own name
 * @param options see {@link FiltersOptions}; all have defaults
 * @throws InputError for a layer that is not there or has no kernel, a page that does not exist, colours without three channels
 */
export function filters(
  model: Model,
  layer: string | number,
  options: FiltersOptions = {},
): View<FiltersData> {
  const kernels = readKernels(findLayer(model, layer, who).layer, who);
  const { colors = kernels.channels === 3 ? "rgb" : "signed" } = options;
  const { scale = colors === "rgb" ? "filter" : "layer", colorMap = "rdbu" } = options;
  const { page = 1, perRow = 16, title = `Filters of ${kernels.name}` } = options;
  checkWord(who, "colors", colors, ["rgb", "signed"]);
  checkWord(who, "scale", scale, ["layer", "filter"]);
  checkWord(who, "colorMap", colorMap, colorMapNames);
  if (colors === "rgb" && kernels.channels !== 3) {
    const found = `${String(kernels.channels)} in "${kernels.name}"`;
    throw new InputError({
      who,
      expected: 'three channels for colors "rgb"',
      found,
      fix: 'take colors: "signed"',
    });
  }
  checkWhole(who, "perRow", perRow);
  const data: FiltersData = {
    ...kernels,
    colors,
    scale,
    ...measure(kernels.values),
    ...pageOf(kernels, colors, page),
  };
  const finding = describe(data);
  return createDrawingView({
    data,
    text: `${title}: ${finding}\n${meaningOf(data)}`,
    alt: `${title}: ${finding}`,
    draw: () => drawFilters(data, { title, meaning: meaningOf(data), map: colorMap, perRow }),
  });
}

function measure(values: Float32Array): Pick<FiltersData, "min" | "max" | "limit" | "zeros" | "nonFinite"> {
  let [min, max, zeros, nonFinite] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) nonFinite++;
    else {
      if (value === 0) zeros++;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (min > max) [min, max] = [0, 0];
  return { min, max, limit: Math.max(Math.abs(min), Math.abs(max)), zeros, nonFinite };
}

/** A page of a matrix is a part of its rows and columns, from the left and then down; of tiles a part of them. */
function pageOf(
  { filters: rows, channels: columns }: Kernels,
  colors: "rgb" | "signed",
  page: number,
): Pick<FiltersData, "page" | "pages" | "shownFilters" | "shownChannels"> {
  const isMatrix = colors === "signed" && columns > 1;
  const [down, across] = isMatrix ? [matrixPage, matrixPage] : [tilesPage, columns];
  const acrossPages = Math.ceil(columns / across);
  const pages = Math.ceil(rows / down) * acrossPages;
  checkWhole(who, "page", page, 1, pages);
  const part = (count: number, size: number, at: number): number[] =>
    Array.from({ length: Math.min(size, count - at * size) }, (_, i) => at * size + i);
  return {
    page,
    pages,
    shownFilters: part(rows, down, Math.floor((page - 1) / acrossPages)),
    shownChannels: part(columns, across, (page - 1) % acrossPages),
  };
}

function describe(data: FiltersData): string {
  const { filters: count, height, width, channels, min, max, zeros, nonFinite, values } = data;
  const parts = [
    `${String(count)} of ${String(height)}×${String(width)}×${String(channels)}`,
    nonFinite < values.length
      ? `weights ${formatNumber(min)} to ${formatNumber(max)}`
      : "no weight is a finite number",
    zeros > 0 && `${((100 * zeros) / values.length).toFixed(1)}% zero`,
    nonFinite > 0 && `${String(nonFinite)} not finite (black)`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

function meaningOf({ colors, scale, page, pages, shownFilters, shownChannels }: FiltersData): string {
  const of = scale === "layer" ? "one scale for the layer" : "each filter by itself";
  const what = colors === "rgb" ? `${of}: least black, largest white` : `${of}: zero white`;
  if (pages === 1) return what;
  const span = (name: string, numbers: readonly number[]): string =>
    numbers.length === 1 ? `${name} ${numbers[0]!}` : `${name}s ${numbers[0]!} to ${numbers.at(-1)!}`;
  const columns =
    shownChannels.length > 1 && colors === "signed" ? `, ${span("channel", shownChannels)}` : "";
  return `${what} · page ${page} of ${pages}: ${span("filter", shownFilters)}${columns}`;
}
