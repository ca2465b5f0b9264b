import { InputError } from "../errors.ts";
import { readFilterActivity, type FilterActivity } from "../inspect/filterActivity.ts";
import type { LayerSelection } from "../inspect/layerOutputs.ts";
import type { Pictures } from "../inspect/modelInputs.ts";
import type { Model } from "../inspect/tensors.ts";
import type { ChartSpecification } from "../render/chart.ts";
import { countPictures, formatShare } from "../render/formatNumber.ts";
import { textColumns } from "../render/table.ts";
import { chartColors, chartText, styledChart } from "./chartStyle.ts";
import { checkWhole } from "./checkOption.ts";
import { createChartView } from "./chartView.ts";
import type { View } from "./view.ts";

/** How {@link deadFilters} judges. */
export interface DeadFiltersOptions {
  /**
   * Layers by name or index, or a number for that many from the start. Default: those whose
   * activation function is neither linear nor softmax.
   */
  layers?: LayerSelection;
  /** Numbers that differ by no more than this count as the same. Default 0. */
  threshold?: number;
  /** Pictures that go through the model at once. Default 64. */
  batchSize?: number;
  /** How many layers are drawn in a row. Default 3. */
  perRow?: number;
  /** Default: the name of the model. */
  title?: string;
}

/** The numbers behind the picture of {@link deadFilters}. */
export interface DeadFiltersData {
  /** On how many pictures it was judged. */
  count: number;
  layers: FilterActivity[];
  /** How many channels say nothing, and how many there are. */
  dead: number;
  channels: number;
}

const who = "deadFilters";
/** On fewer pictures a filter that is merely rare looks dead. */
const enoughPictures = 256;
/** More layers are in the table only: those with the most dead filters are drawn. */
const mostPanels = 12;
const rare = 0.01;

/**
 * Finds filters that say nothing, whatever they are shown: for each channel the share of the pictures in which it is active, as bars
 * from the most to the least active, and a table. Judge on 256 pictures or more.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3, activation: "relu" })] });
 * const { data } = deadFilters(model, tf.randomUniform([256, 28, 28, 1]));
 * data.layers[0]!.dead; // indices of channels
 * ```
 *
 * @param model built
 * @param images a batch, scaled as in training
 * @throws InputError for pictures that do not fit the model, or a layer that is not there
 */
export function deadFilters(
  model: Model,
  images: Pictures,
  {
    layers,
    threshold = 0,
    batchSize = 64,
    perRow = 3,
    title = `Dead filters of ${model.name}`,
  }: DeadFiltersOptions = {},
): View<DeadFiltersData> {
  checkWhole(who, "batchSize", batchSize);
  checkWhole(who, "perRow", perRow);
  if (!(threshold >= 0)) {
    throw new InputError({ who, expected: "threshold: a number of 0 or above", found: String(threshold) });
  }
  const found = readFilterActivity(model, images, { layers, batchSize, threshold, who });
  const data: DeadFiltersData = {
    ...found,
    dead: found.layers.reduce((sum, { dead }) => sum + dead.length, 0),
    channels: found.layers.reduce((sum, { channels }) => sum + channels, 0),
  };
  const finding = describe(data);
  const broken = data.layers.filter((layer) => layer.broken.length > 0);
  const warning = [
    ...broken.map(
      (layer) =>
        `${layer.broken.length} of ${layer.channels} filters of ${layer.name} give NaN or infinite numbers`,
    ),
    ...(data.count < enoughPictures
      ? [`judged on ${data.count} pictures only: give ${enoughPictures} or more`]
      : []),
  ];
  const chart = activityChart(data, { title: [title, finding, ...warning], perRow });
  const rows = data.layers.map((layer) => [
    layer.name,
    layer.shape.join("×"),
    `${layer.dead.length} of ${layer.channels}`,
    String(layer.active.filter((share) => share > 0 && share < rare).length),
    formatShare(median(layer.active)),
    shorten(layer.dead),
  ]);
  const table = textColumns([
    ["layer", "shape", "dead", `active in < ${rare * 100}%`, "median active", "which"],
    ...rows,
  ]);
  return createChartView({
    data,
    text: [`${title}: ${finding}`, ...warning, table].join("\n"),
    alt: `${title}: ${[finding, ...warning].join("; ")}`,
    chart,
  });
}

function describe({ count, layers, dead, channels }: DeadFiltersData): string {
  const judged = countPictures(count);
  const worst = layers.reduce((a, b) => (b.dead.length > a.dead.length ? b : a));
  const most =
    dead > 0 && layers.length > 1 ? `; most in ${worst.name}: ${worst.dead.length} of ${worst.channels}` : "";
  return `${dead} of ${channels.toLocaleString("en-US")} filters say nothing about ${judged}${most}`;
}

function median(shares: readonly number[]): number {
  const sorted = [...shares].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

const shorten = (channels: readonly number[]): string =>
  channels.length <= 12 ? channels.join(", ") : `${channels.slice(0, 12).join(", ")} …`;

function activityChart(
  { layers }: DeadFiltersData,
  { title, perRow }: { title: string[]; perRow: number },
): ChartSpecification {
  const share = ({ dead, channels }: FilterActivity): number => dead.length / channels;
  const most = new Set([...layers].sort((a, b) => share(b) - share(a)).slice(0, mostPanels));
  const drawn = layers.filter((layer) => most.has(layer));
  const left = layers.length - drawn.length;
  const note =
    left > 0
      ? [`drawn are the ${drawn.length} layers with the most dead filters; ${left} more in the text`]
      : [];
  return styledChart([...title, ...note], { columns: perRow, spacing: 24, concat: drawn.map(panelOf) });
}

function panelOf({ name, active, dead, channels }: FilterActivity): object {
  const values = active
    .map((share, channel) => ({ channel, share }))
    .sort((a, b) => b.share - a.share || a.channel - b.channel)
    .map((row, rank) => ({ ...row, rank, end: rank + 1 }));
  const x = {
    ...{ field: "rank", type: "quantitative", title: `${channels} channels, the most active first` },
    ...{ scale: { domain: [0, channels], nice: false }, axis: { labels: false, ticks: false, grid: false } },
  };
  const y = {
    ...{ field: "share", type: "quantitative", title: "active in", scale: { domain: [0, 1] } },
    axis: { format: "~%", tickCount: 3 },
  };
  const tooltip = [{ field: "channel" }, { field: "share", title: "active in", format: ".1%" }];
  const bars = {
    mark: { type: "rect", color: chartColors.first },
    encoding: { x, x2: { field: "end" }, y, y2: { datum: 0 }, tooltip },
  };
  // A mark at the foot, since a bar of no height is not seen.
  const crosses = {
    transform: [{ filter: "datum.share === 0" }],
    mark: { type: "rect", color: chartColors.alarm, height: 6, y2: 110, y: 104 },
    encoding: { x, x2: { field: "end" }, tooltip },
  };
  return {
    title: {
      ...{ text: chartText(name, 34), anchor: "start", fontSize: 12, offset: 6 },
      ...{ subtitle: dead.length > 0 ? `${dead.length} of ${channels} dead` : "none dead" },
      subtitleColor: dead.length > 0 ? chartColors.alarm : chartColors.quiet,
    },
    ...{ width: 220, height: 110, data: { values } },
    layer: dead.length > 0 ? [bars, crosses] : [bars],
  };
}
