import { InputError } from "../errors.ts";
import { evaluateInBatches } from "../inspect/features.ts";
import { layerOutputs, type LayerOutput, type LayerSelection } from "../inspect/layerOutputs.ts";
import { openModel, type ModelGraph } from "../inspect/modelGraph.ts";
import { toBatch, type Pictures } from "../inspect/modelInputs.ts";
import { drawSample } from "../inspect/sample.ts";
import { alignment, gramOf, type Gram } from "../inspect/similarity.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import type { ChartSpecification } from "../render/chart.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { styledChart } from "./chartStyle.ts";
import { checkWhole } from "./checkOption.ts";
import { isModel } from "./judgedData.ts";
import { createChartView } from "./chartView.ts";
import type { View } from "./view.ts";

/** How {@link similarity} compares layers. */
export interface SimilarityOptions {
  /** Layers by name or index, or a number for that many from the start. Default: all but the inputs. */
  layers?: LayerSelection;
  /** The layers of the second model. Default: as `layers` for the first. */
  otherLayers?: LayerSelection;
  /** Pictures that go through the models at once. Default 64. */
  batchSize?: number;
  /** How many pictures are drawn at random where there are more. Default 512, and fewer for large layers. */
  sample?: number;
  /** Chooses which ones are drawn. Default 1. */
  seed?: number;
  /** Default: the names of the models. */
  title?: string;
}

/** The numbers behind the picture of {@link similarity}. */
export interface SimilarityData {
  /** The layers of the first model: the rows. */
  rows: string[];
  /** The layers of the second model: the columns. */
  columns: string[];
  /** 0 to 1; NaN where a layer gives the same for all pictures. */
  matrix: number[][];
  /** On how many pictures. */
  count: number;
}

const who = "similarity";
/** So many numbers of activations are held at once: 400 MB. */
const mostNumbers = 1e8;
const fewPictures = 3;

/**
 * Compares what layers see, by linear CKA (Kornblith et al. 2019): 1 where two layers find the same pictures alike, 0 where they have
 * nothing in common. Of one model, each layer with each; of two models, the layers of the one with those of the other.
 *
 * ```ts
 * const net = () => tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), tf.layers.dense({ units: 4, name: "dense" })] });
 * const view = similarity(net(), net(), tf.randomUniform([32, 8, 8, 1]));
 * view.data.matrix[0]![0]; // 1: both only flatten
 * ```
 *
 * @param model built
 * @param images a batch of at least 3 pictures, better some hundred, scaled as in training
 * @throws InputError for pictures that do not fit, or a layer that is not there
 */
export function similarity(model: Model, images: Pictures, options?: SimilarityOptions): View<SimilarityData>;
/** The same for the layers of two models. */
export function similarity(
  model: Model,
  other: Model,
  images: Pictures,
  options?: SimilarityOptions,
): View<SimilarityData>;
export function similarity(
  model: Model,
  second: Model | Pictures,
  third?: Pictures | SimilarityOptions,
  fourth?: SimilarityOptions,
): View<SimilarityData> {
  const other = isModel(second) ? second : undefined;
  const images = (other ? third : second) as Pictures;
  const options = (other ? fourth : (third as SimilarityOptions | undefined)) ?? {};
  const { layers, otherLayers, batchSize = 64, sample = 512, seed = 1 } = options;
  checkWhole(who, "batchSize", batchSize);
  checkWhole(who, "sample", sample);
  const own = asked(model, layers);
  const others = other && asked(other, otherLayers ?? layers);
  const numbers = Math.max(numbersFor(own, images), others ? numbersFor(others, images) : 0);
  const most = Math.min(sample, Math.max(fewPictures, Math.floor(mostNumbers / numbers)));
  const { grams: mine, count, all } = readGrams(own, images, { most, seed, batchSize });
  const theirs = others ? readGrams(others, images, { most, seed, batchSize }).grams : mine;
  const data: SimilarityData = {
    rows: own.outputs.map(({ name }) => name),
    columns: (others ?? own).outputs.map(({ name }) => name),
    matrix: mine.map((a) => theirs.map((b) => alignment(a, b))),
    count,
  };
  const heading = options.title ?? `Similarity of layers: ${model.name}${other ? ` and ${other.name}` : ""}`;
  const drawn =
    count < all
      ? `${count} of ${all.toLocaleString("en-US")} pictures, drawn at random with seed ${seed}`
      : `${count} pictures`;
  const finding = describe(data, other !== undefined);
  const names: [string, string] = [model.name, (other ?? model).name];
  const chart = similarityChart(data, names, [heading, `linear CKA on ${drawn}`, finding]);
  return createChartView({
    data,
    text: `${heading}: linear CKA on ${drawn}; ${finding}`,
    alt: `${heading}: ${finding}`,
    chart,
  });
}

/** Layers of a model. */
interface Asked {
  graph: ModelGraph;
  outputs: readonly LayerOutput[];
}

function asked(model: Model, layers: LayerSelection | undefined): Asked {
  const graph = openModel(model, who);
  return { graph, outputs: layerOutputs(graph, { layers, who }) };
}

/** How many numbers the outputs have for one picture. */
function numbersFor({ graph, outputs }: Asked, images: Pictures): number {
  const { batch } = choosePictures(graph.model, images, 1, 1);
  return useBatch(batch, () => {
    const tensors = evaluateInBatches(graph, outputs, { pictures: asPictures(batch), batchSize: 1, who });
    return useBatch(tensors, () => tensors.reduce((sum, { size }) => sum + size, 0));
  });
}

/** What the pictures have in common in the eyes of each output. */
function readGrams(
  { graph, outputs }: Asked,
  images: Pictures,
  { most, seed, batchSize }: { most: number; seed: number; batchSize: number },
): { grams: Gram[]; count: number; all: number } {
  const { batch, all } = choosePictures(graph.model, images, most, seed);
  return useBatch(batch, () => {
    const tensors = evaluateInBatches(graph, outputs, { pictures: asPictures(batch), batchSize, who });
    return useBatch(tensors, () => ({ grams: tensors.map(gramOf), count: Math.min(most, all), all }));
  });
}

const asPictures = (batch: readonly Tensor[]): Pictures => (batch.length === 1 ? batch : [batch]);

/** Frees tensors when work with them is done, also when it fails. */
function useBatch<Result>(tensors: readonly Tensor[], work: () => Result): Result {
  try {
    return work();
  } finally {
    tensors.forEach((tensor) => {
      tensor.dispose();
    });
  }
}

/** So many of the pictures, drawn by the seed, as a batch. */
function choosePictures(
  model: Model,
  images: Pictures,
  most: number,
  seed: number,
): { batch: Tensor[]; all: number } {
  const batch = toBatch(model, images, who);
  const all = batch[0]!.shape[0];
  if (all >= fewPictures && all <= most) return { batch, all };
  return useBatch(batch, () => {
    if (all < fewPictures) {
      throw new InputError({ who, expected: `at least ${fewPictures} pictures`, found: String(all) });
    }
    const indices = drawSample(all, most, seed);
    return { batch: batch.map((tensor) => tensor.gather(indices)), all };
  });
}

function describe({ rows, columns, matrix }: SimilarityData, isOther: boolean): string {
  const pairs = matrix
    .flatMap((row, i) => row.map((value, j) => ({ value, i, j })))
    .filter(({ value, i, j }) => !Number.isNaN(value) && (isOther || i < j));
  if (pairs.length === 0) return "nothing to compare";
  const sorted = [...pairs].sort((a, b) => b.value - a.value);
  const say = ({ value, i, j }: (typeof pairs)[number]): string =>
    `${rows[i]!} and ${columns[j]!} (${formatNumber(value)})`;
  return `most alike ${say(sorted[0]!)}, least ${say(sorted.at(-1)!)}`;
}

/** Up to so many layers the numbers stand in the cells. */
const mostNumbered = 14;

function similarityChart(
  { rows, columns, matrix }: SimilarityData,
  [first, second]: [string, string],
  title: string[],
): ChartSpecification {
  const values = matrix.flatMap((row, i) =>
    row.map((value, j) => ({
      ...{ row: rows[i], column: columns[j], value: Number.isNaN(value) ? null : value },
      label: Number.isNaN(value) ? "–" : value.toFixed(2),
    })),
  );
  const isSmall = Math.max(rows.length, columns.length) <= mostNumbered;
  const cell = isSmall ? 40 : Math.max(5, Math.floor(640 / Math.max(rows.length, columns.length)));
  const rise = rows.length <= mostNumbered ? Math.max(cell, 18) : cell;
  const axis = (field: string, name: string, names: string[], step: number, more: object): object => ({
    ...{ field, type: "nominal", sort: null, title: name, scale: { domain: names } },
    axis: {
      values: names.filter((_, i) => i % Math.ceil(13 / step) === 0),
      domain: false,
      ticks: false,
      ...more,
    },
  });
  const cells = {
    mark: { type: "rect" },
    encoding: {
      color: {
        ...{ field: "value", type: "quantitative", title: "CKA" },
        scale: { scheme: "viridis", domain: [0, 1] },
      },
      tooltip: [{ field: "row" }, { field: "column" }, { field: "value", format: ".3f" }],
    },
  };
  const numbers = {
    mark: { type: "text", fontSize: 11 },
    encoding: {
      text: { field: "label" },
      color: { condition: { test: "datum.value > 0.6", value: "#1f2328" }, value: "white" },
    },
  };
  return styledChart(title, {
    ...{ data: { values }, width: { step: cell }, height: { step: rise } },
    encoding: {
      x: axis("column", second, columns, cell, { labelAngle: -45, orient: "bottom" }),
      y: axis("row", first, rows, rise, {}),
    },
    layer: isSmall ? [cells, numbers] : [cells],
  });
}
