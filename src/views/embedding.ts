import { InputError } from "../errors.ts";
import { checkFinite, readFeatures, toFeatures, type Features } from "../inspect/features.ts";
import { manifold } from "../inspect/manifold.ts";
import type { Pictures } from "../inspect/modelInputs.ts";
import { compareNeighbourhoods, type Faithfulness } from "../inspect/neighbourhoods.ts";
import { isColor, isTensor } from "../inspect/pictureValues.ts";
import { principalComponents } from "../inspect/principalComponents.ts";
import { stochasticNeighbours } from "../inspect/stochasticNeighbours.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import type { PreprocessingMode } from "../inspect/undoPreprocessing.ts";
import { formatShare } from "../render/formatNumber.ts";
import { checkWhole, checkWord } from "./checkOption.ts";
import { chooseShown } from "./chooseShown.ts";
import { embeddingChart } from "./embeddingChart.ts";
import { listTensors, pictureInput, shownTensors, type TensorPictures } from "./galleryPictures.ts";
import { labelNames, type NamesOrLabels } from "./labelNames.ts";
import { isModel } from "./judgedData.ts";
import { createChartView } from "./chartView.ts";
import { withPatience } from "./patience.ts";
import type { View } from "./view.ts";

/** How {@link embedding} lays pictures out. */
export interface EmbeddingOptions {
  /** `"pca"`: the directions in which they differ most; `"tsne"`, `"umap"`: neighbours near one another. Default `"pca"`. */
  method?: "pca" | "tsne" | "umap";
  /** What each picture shows: names, or indices of classes. */
  labels?: NamesOrLabels;
  /** Names of the classes, where labels are indices. */
  classNames?: readonly string[];
  /** The layer whose output is taken, by name or index. Default: what the last layer with weights takes. */
  layer?: string | number;
  /** Of t-SNE: about how many neighbours a picture has. Default 30, at most a third of the pictures. */
  perplexity?: number;
  /** Of UMAP: how many neighbours a picture is seen with. Default 15. */
  neighbours?: number;
  /** So many pictures, drawn at random. Default: all, up to 1,000; of more, 1,000 are drawn. */
  sample?: number;
  /** Makes sample, t-SNE and UMAP repeatable. Default 1. */
  seed?: number;
  /** Whether small pictures stand at some of the points. Default: wherever there are pictures. */
  thumbnails?: boolean;
  /** Pictures that features stand for: only where features are given. */
  images?: Tensor | readonly Tensor[];
  /** What was done to the pictures for the network, see {@link PreprocessingMode}: it is undone for looking at them. */
  preprocessing?: PreprocessingMode;
  /** Stops t-SNE and UMAP. Default: the notebook's stop button. */
  signal?: AbortSignal;
  /** Default: the method, and what it was given. */
  title?: string;
}

/** The numbers behind the picture of {@link embedding}. */
export interface EmbeddingData extends Faithfulness {
  method: "pca" | "tsne" | "umap";
  /** For each picture its two coordinates. */
  points: number[][];
  /** Which pictures. */
  indices: number[];
  labels?: string[];
  /** Of PCA: the share of the variance in each direction. */
  ratios?: number[];
}

const who = "embedding";
const mostPoints = 1000;
const methodNames = { pca: "PCA", tsne: "t-SNE", umap: "UMAP" };

/**
 * Lays pictures out in the plane by what a network makes of them, or by any features: what lies together is alike to the network. How
 * far that can be believed is printed: how many neighbours are kept, and how often the nearest one has the same label.
 *
 * ```ts
 * const features = tf.randomUniform([60, 16]);
 * const view = await embedding(features, { method: "tsne", perplexity: 10, seed: 1 });
 * view.data.points[0]; // [x, y]
 * ```
 *
 * @param features a tensor `[n, …]`, a row for each picture
 * @throws InputError for fewer than 3 pictures, or labels that are too few or too many
 */
export function embedding(features: Tensor, options?: EmbeddingOptions): Promise<View<EmbeddingData>>;
/** The same for the pictures that a model is shown, see {@link EmbeddingOptions} for which layer is asked. */
export function embedding(
  model: Model,
  images: Pictures,
  options?: EmbeddingOptions,
): Promise<View<EmbeddingData>>;
export async function embedding(
  first: Tensor | Model,
  second?: Pictures | EmbeddingOptions,
  third?: EmbeddingOptions,
): Promise<View<EmbeddingData>> {
  const ofModel = isModel(first);
  const options = (ofModel ? third : (second as EmbeddingOptions | undefined)) ?? {};
  const { method = "pca", seed = 1, signal } = options;
  checkWord(who, "method", method, Object.keys(methodNames));
  if (!ofModel && !isTensor(first)) {
    throw new InputError({ who, expected: "a model, or a tensor of features [n, …]", found: typeof first });
  }
  const all = ofModel
    ? readFeatures(first, second as Pictures, { layer: options.layer, who })
    : { ...toFeatures(first), layer: undefined };
  const names =
    options.labels &&
    labelNames(options.labels, { classNames: options.classNames, count: all.count, who, what: "labels" });
  const size = options.sample ?? (all.count > mostPoints ? mostPoints : undefined);
  const { indices, note } = chooseShown(all.count, { sample: size, seed, who });
  const features = takeRows(all, indices);
  if (features.count < 3)
    throw new InputError({ who, expected: "at least 3 pictures", found: String(features.count) });
  checkFinite(features, who);
  const pictures = ofModel
    ? readInputs(first, second as Pictures, options)
    : readImages(options.images, options);

  const { points, ratios } = await layOut(features, { ...options, method, seed, signal });
  const labels = names && indices.map((index) => names[index]!);
  const data: EmbeddingData = {
    ...{ method, points, indices, ...compareNeighbourhoods(features, points, labels) },
    ...(labels && { labels }),
    ...(ratios && { ratios }),
  };
  const title = options.title ?? `${methodNames[method]} of ${all.layer ?? "features"}`;
  const notes = [
    note ?? `${features.count} pictures, ${features.size.toLocaleString("en-US")} numbers each`,
    ratios && `${formatShare(ratios[0]! + ratios[1]!)} of the variance is seen`,
    describeFaith(data),
    method !== "pca" && features.size > mostDimensions && `${mostDimensions} principal components first`,
    method !== "pca" && `seed ${seed}`,
    pictures?.note,
  ].filter((line) => typeof line === "string");
  const chart = embeddingChart(data, pictures?.draw(indices), [title, ...notes]);
  return createChartView({
    data,
    text: `${title}: ${notes.join("; ")}`,
    alt: `${title}: ${notes.join("; ")}`,
    chart,
  });
}

interface Layout extends Pick<EmbeddingOptions, "perplexity" | "neighbours"> {
  method: "pca" | "tsne" | "umap";
  seed: number;
  signal: AbortSignal | undefined;
}

/** More numbers for each picture are brought to so many principal components for t-SNE and UMAP, as is the custom. */
const mostDimensions = 50;

function reduce(features: Features): Features {
  const { count, size } = features;
  if (size <= mostDimensions) return features;
  const { points } = principalComponents(features, Math.min(mostDimensions, count - 1));
  return { values: Float32Array.from(points.flat()), count, size: points[0]!.length };
}

async function layOut(
  given: Features,
  { method, perplexity = 30, neighbours = 15, seed, signal }: Layout,
): Promise<{ points: number[][]; ratios?: number[] }> {
  if (method === "pca") return principalComponents(given, 2);
  const features = reduce(given);
  const title = methodNames[method];
  if (method === "umap") {
    checkWhole(who, "neighbours", neighbours);
    const near = Math.min(neighbours, features.count - 1);
    return withPatience(title, signal, async (afterBatch) => ({
      points: await manifold(features, { neighbours: near, seed, afterBatch }),
    }));
  }
  if (!(perplexity >= 1)) {
    throw new InputError({ who, expected: "perplexity: a number from 1", found: String(perplexity) });
  }
  const bounded = Math.max(1, Math.min(perplexity, (features.count - 1) / 3));
  return withPatience(title, signal, async (afterBatch) => ({
    points: await stochasticNeighbours(features, { perplexity: bounded, seed, afterBatch }),
  }));
}

function takeRows({ values, count, size }: Features, indices: readonly number[]): Features {
  if (indices.length === count) return { values, count, size };
  const chosen = new Float32Array(indices.length * size);
  indices.forEach((index, row) => {
    chosen.set(values.subarray(index * size, (index + 1) * size), row * size);
  });
  return { values: chosen, count: indices.length, size };
}

/** The pictures at the points, where the model takes pictures. */
function readInputs(
  model: Model,
  images: Pictures,
  { thumbnails = true, preprocessing }: EmbeddingOptions,
): TensorPictures | undefined {
  if (!thumbnails || pictureInput(model) === -1) return undefined;
  return listTensors(shownTensors(model, images), { who, preprocessing, model });
}

/** The pictures at the points, where there are some that can be looked at. */
function readImages(
  images: EmbeddingOptions["images"],
  { thumbnails = true, preprocessing }: EmbeddingOptions,
): TensorPictures | undefined {
  const tensors = images && [images].flat();
  if (!thumbnails || !tensors?.every((tensor) => isTensor(tensor) && isPicture(tensor))) return undefined;
  return listTensors(tensors, { who, preprocessing });
}

const isPicture = ({ rank, shape }: Tensor): boolean => rank === 4 || (rank === 3 && isColor(shape.at(-1)!));

function describeFaith({ kept, k, agreement }: Faithfulness): string {
  const neighbours = `${formatShare(kept)} of the ${k} nearest are kept`;
  return agreement === undefined
    ? neighbours
    : `${neighbours}, the nearest has the same label in ${formatShare(agreement)}`;
}
