import { InputError } from "../errors.ts";
import { cosineDistance, rowOf, squaredDistance } from "../inspect/distances.ts";
import { checkFinite, readFeatures } from "../inspect/features.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import type { PreprocessingMode } from "../inspect/undoPreprocessing.ts";
import { drawContactSheet } from "../render/contactSheet.ts";
import { formatNumber, formatShare } from "../render/formatNumber.ts";
import { checkWhole, checkWord } from "./checkOption.ts";
import { listPictures } from "./galleryPictures.ts";
import { labelNames, type NamesOrLabels } from "./labelNames.ts";
import { createView, type View } from "./view.ts";

/** How {@link nearest} compares pictures. */
export interface NearestOptions {
  /** How many pictures. Default 10. */
  k?: number;
  /** `"cosine"`: 1 less the cosine of the angle; or `"euclidean"`. Default `"cosine"`. */
  metric?: "cosine" | "euclidean";
  /** The layer whose output is compared, by name or index. Default: what the last layer with weights takes. */
  layer?: string | number;
  /** What the pictures show: names, or indices of classes. */
  labels?: NamesOrLabels;
  /** Names of the classes, where labels are indices. */
  classNames?: readonly string[];
  /** How many pictures in a row. Default 6. */
  perRow?: number;
  /** Pictures that go through the model at once. Default 64. */
  batchSize?: number;
  /** What was done to the pictures for the network, see {@link PreprocessingMode}: it is undone for looking at them. */
  preprocessing?: PreprocessingMode;
  /** How large the PNG may be: of too many or too large pictures it is drawn smaller, then without the last ones. Default 1,500,000. */
  maxBytes?: number;
  /** Default: the layer. */
  title?: string;
}

/** A picture that is near. */
export interface Neighbour {
  index: number;
  distance: number;
  label?: string;
}

/** The numbers behind the picture of {@link nearest}. */
export interface NearestData {
  layer: string;
  metric: "cosine" | "euclidean";
  /** Nearest first. */
  neighbours: Neighbour[];
}

const who = "nearest";
const metrics = {
  cosine: cosineDistance,
  euclidean: (a: ArrayLike<number>, b: ArrayLike<number>) => Math.sqrt(squaredDistance(a, b)),
};

/**
 * Finds the pictures that are most like another one in the eyes of a network.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), tf.layers.dense({ units: 4 })] });
 * const view = nearest(model, tf.randomUniform([50, 8, 8, 1]), tf.randomUniform([8, 8, 1]), { k: 5 });
 * view.data.neighbours[0]!.distance;
 * ```
 *
 * @param model built, with one input that takes pictures
 * @param images `[n, height, width, channels]`, or an array of tensors, scaled as in training
 * @param query the picture that others are compared with, or the index of one of them, which is left out then
 * @throws InputError for pictures that do not fit the model, or a layer that is not there
 */
export function nearest(
  model: Model,
  images: Tensor | readonly Tensor[],
  query: Tensor | number,
  {
    k = 10,
    metric = "cosine",
    layer,
    labels,
    classNames,
    perRow = 6,
    batchSize,
    preprocessing,
    maxBytes = 1_500_000,
    title,
  }: NearestOptions = {},
): View<NearestData> {
  checkWhole(who, "k", k, 1, 1000);
  checkWhole(who, "perRow", perRow);
  checkWhole(who, "maxBytes", maxBytes);
  checkWord(who, "metric", metric, Object.keys(metrics));
  const features = readFeatures(model, images, { layer, batchSize, who });
  const { count } = features;
  checkFinite(features, who);
  const names = labels && labelNames(labels, { classNames, count, who, what: "labels" });
  const own = typeof query === "number" ? checkIndex(query, count) : undefined;
  const wanted = own === undefined ? queryRow(model, query as Tensor, { layer, who }) : rowOf(features, own);
  const neighbours = Array.from({ length: count }, (_, index): Neighbour => {
    const distance = metrics[metric](wanted, rowOf(features, index));
    return { index, distance, ...(names && { label: names[index]! }) };
  })
    .filter(({ index }) => index !== own)
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, k);

  const data: NearestData = { layer: features.layer, metric, neighbours };
  const heading = title ?? `Nearest by ${features.layer}`;
  const finding = describe(data, count, own === undefined ? undefined : names?.[own]);
  const pictures = listPictures(images, { who, preprocessing, model });
  const asking = own === undefined ? listPictures(query as Tensor, { who, preprocessing, model }) : pictures;
  const readQuery = asking.choose([own ?? 0]);
  const read = pictures.choose(neighbours.map(({ index }) => index));
  const asked = own === undefined ? "asked" : `asked: ${names?.[own] ?? `picture ${own + 1}`}`;
  return createView({
    data,
    text: [
      `${heading}: ${finding}`,
      ...neighbours.map((each) => `${captionOf(each).join(", distance ")}`),
    ].join("\n"),
    alt: `${heading}: ${finding}`,
    png: async () => {
      const [[first], others] = await Promise.all([readQuery(), read()]);
      const cells = others.map((picture, i) => ({ picture, caption: captionOf(neighbours[i]!) }));
      const head = { picture: first!, caption: [asked], marked: true };
      const notes = [finding, ...(pictures.note === undefined ? [] : [pictures.note])];
      return drawContactSheet([head, ...cells], { title: heading, notes, columns: perRow, maxBytes });
    },
  });
}

function checkIndex(query: number, count: number): number {
  if (Number.isInteger(query) && query >= 0 && query < count) return query;
  throw new InputError({
    who,
    expected: `query: a picture, or an index 0 to ${count - 1}`,
    found: String(query),
  });
}

function queryRow(
  model: Model,
  query: Tensor,
  options: { layer: string | number | undefined; who: string },
): Float32Array {
  const { values, count } = readFeatures(model, query, options);
  if (count === 1) return values;
  throw new InputError({ who, expected: "query: one picture", found: String(count) });
}

const captionOf = ({ index, distance, label }: Neighbour): [string, string] => [
  label === undefined ? `picture ${index + 1}` : `${label} (picture ${index + 1})`,
  formatNumber(distance),
];

function describe({ metric, neighbours }: NearestData, count: number, label: string | undefined): string {
  const [first, last] = [neighbours[0], neighbours.at(-1)];
  if (!first || !last) return "no other picture";
  const range = `${neighbours.length} of ${count.toLocaleString("en-US")} pictures, ${metric} distance ${formatNumber(first.distance)} to ${formatNumber(last.distance)}`;
  if (label === undefined) return range;
  const same = neighbours.filter((each) => each.label === label).length / neighbours.length;
  return `${range}; ${formatShare(same)} have its label`;
}
