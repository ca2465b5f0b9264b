import { InputError } from "../errors.ts";
import type { Pictures } from "../inspect/modelInputs.ts";
import { readScores, type Scores } from "../inspect/modelScores.ts";
import type { Model } from "../inspect/tensors.ts";
import type { PreprocessingMode } from "../inspect/undoPreprocessing.ts";
import type { ChartSpecification } from "../render/chart.ts";
import { formatShare } from "../render/formatNumber.ts";
import { thumbnailUrl } from "../render/thumbnailUrl.ts";
import type { Thumbnail } from "../render/thumbnail.ts";
import { chartColors, styledChart } from "./chartStyle.ts";
import { checkWhole } from "./checkOption.ts";
import { listTensors, pictureInput, shownTensors, type TensorPictures } from "./galleryPictures.ts";
import { nameOfClass } from "./labelNames.ts";
import { createChartView } from "./chartView.ts";
import type { View } from "./view.ts";

/** How {@link predictions} shows what a network says. */
export interface PredictionsOptions {
  /** How many classes, the most probable first. Default 5. */
  top?: number;
  /** Names of the classes, in the order of their indices. Default: the indices. */
  classNames?: readonly string[];
  /** How many pictures in a row. Default 2. */
  perRow?: number;
  /** Of a model with several outputs the one that is asked, by name or index. */
  output?: string | number;
  /** Pictures that go through the model at once. Default 256. */
  batchSize?: number;
  /** What was done to the pictures for the network, see {@link PreprocessingMode}: it is undone for looking at them. */
  preprocessing?: PreprocessingMode;
  /** Default `"Predictions"`. */
  title?: string;
}

/** A class and its probability. */
export interface TopClass {
  index: number;
  name: string;
  probability: number;
}

/** The numbers behind the picture of {@link predictions}. */
export interface PredictionsData {
  /** For each picture its classes, the most probable first. */
  top: TopClass[][];
  /** Which function made probabilities of the model's numbers, where these were none themselves. */
  applied?: "softmax" | "sigmoid";
}

const who = "predictions";
/** More pictures are neither drawn nor listed; their numbers are in the data. */
const mostDrawn = 24;

/**
 * Shows the classes that a network finds most probable for a picture, or for each of several, as bars beside the picture.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), tf.layers.dense({ units: 3, activation: "softmax" })] });
 * const view = predictions(model, tf.randomUniform([8, 8, 1]), { top: 2, classNames: ["cat", "dog", "fox"] });
 * view.data.top[0]![0]; // { index: 1, name: "dog", probability: 0.41 }
 * ```
 *
 * @param model built
 * @param images one picture or several, scaled as in training; for a model with several inputs an array with a tensor for each
 * @throws InputError for pictures that do not fit the model, or a model that does not give a row of scores
 */
export function predictions(
  model: Model,
  images: Pictures,
  {
    top = 5,
    classNames,
    perRow = 2,
    output,
    batchSize,
    preprocessing,
    title = "Predictions",
  }: PredictionsOptions = {},
): View<PredictionsData> {
  checkWhole(who, "top", top);
  checkWhole(who, "perRow", perRow);
  const scores = readScores(model, images, { output, batchSize, who });
  if (classNames && classNames.length !== scores.classes) {
    const expected = `classNames for ${scores.classes} classes`;
    throw new InputError({ who, expected, found: String(classNames.length) });
  }
  const nameOf = (index: number): string => nameOfClass(index, classNames);
  const data: PredictionsData = {
    top: Array.from({ length: scores.count }, (_, row) => topClasses(scores, row, top, nameOf)),
    ...(scores.applied && { applied: scores.applied }),
  };
  const drawn = Math.min(scores.count, mostDrawn);
  const pictures = readPictures(model, images, preprocessing);
  const notes = [
    scores.applied && `${scores.applied} applied to the model's numbers`,
    drawn < scores.count && `the first ${drawn} of ${scores.count.toLocaleString("en-US")} pictures`,
    scores.advice,
    pictures?.note,
  ].filter((note) => typeof note === "string");
  const thumbnails = pictures?.draw(Array.from({ length: drawn }, (_, i) => i));
  const chart = predictionsChart(data, thumbnails, { title: [title, ...notes], perRow });
  const lines = data.top.slice(0, drawn).map((classes, i) => {
    const list = classes.map(({ name, probability }) => `${name} (${formatShare(probability)})`).join(", ");
    return scores.count === 1 ? list : `picture ${i + 1}: ${list}`;
  });
  const text = `${[title, ...notes].join("; ")}${scores.count === 1 ? ": " : "\n"}${lines.join("\n")}`;
  const sure = data.top.slice(0, 5).map(([best]) => `${best!.name} (${formatShare(best!.probability)})`);
  return createChartView({
    data,
    text,
    alt: `${title}: ${sure.join(", ")}${scores.count > 5 ? " …" : ""}`,
    chart,
  });
}

function topClasses(
  { probabilities, classes }: Scores,
  row: number,
  top: number,
  nameOf: (index: number) => string,
): TopClass[] {
  const own = probabilities.subarray(row * classes, (row + 1) * classes);
  return Array.from(own, (probability, index) => ({ index, name: nameOf(index), probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
}

/** The pictures themselves, where the model's input is one: of several inputs the first one that is. */
function readPictures(
  model: Model,
  images: Pictures,
  preprocessing: PreprocessingMode | undefined,
): TensorPictures | undefined {
  if (pictureInput(model) === -1) return undefined;
  return listTensors(shownTensors(model, images), { who, preprocessing, model });
}

const panel = { bars: 230, step: 22, picture: 112 };

function predictionsChart(
  { top }: PredictionsData,
  thumbnails: Thumbnail[] | undefined,
  { title, perRow }: { title: string[]; perRow: number },
): ChartSpecification {
  const drawn = top.slice(0, mostDrawn);
  const panels = drawn.map((classes, i) => {
    const bars = barsOf(classes);
    if (!thumbnails) return bars;
    return { hconcat: [pictureOf(thumbnails[i]!, classes.length * panel.step), bars], spacing: 4 };
  });
  return styledChart(title, { columns: perRow, spacing: 24, concat: panels });
}

/** The picture at the left of its bars, enlarged by a whole number. */
function pictureOf(thumbnail: Thumbnail, height: number): object {
  const side = Math.max(thumbnail.width, thumbnail.height);
  const factor = side > panel.picture ? panel.picture / side : Math.floor(panel.picture / side);
  const [wide, high] = [thumbnail.width * factor, thumbnail.height * factor];
  const room = Math.max(high, height);
  // Twice as large as they are drawn, single pixels stay sharp on fine screens.
  const size = side * factor * (factor < 2 ? 1 : 2);
  return {
    ...{ width: wide, height: room },
    data: { values: [{ url: thumbnailUrl(thumbnail, size) }] },
    mark: { type: "image", width: wide, height: high, x: wide / 2, y: high / 2 },
    encoding: { url: { field: "url" } },
  };
}

function barsOf(classes: readonly TopClass[]): object {
  const values = classes.map((each) => ({ ...each, label: formatShare(each.probability) }));
  // Bars of equal names would be one bar.
  const y = {
    ...{ field: "index", type: "nominal", sort: null, title: null },
    axis: {
      ...{ domain: false, ticks: false, labelFontSize: 12 },
      labelExpr: `${JSON.stringify(Object.fromEntries(classes.map(({ index, name }) => [index, name])))}[datum.value]`,
    },
  };
  const x = {
    ...{ field: "probability", type: "quantitative", title: null, scale: { domain: [0, 1.18], nice: false } },
    axis: null,
  };
  const tooltip = [
    { field: "name", title: "class" },
    { field: "index" },
    { field: "probability", format: ".2%" },
  ];
  return {
    ...{ width: panel.bars, height: { step: panel.step }, data: { values } },
    layer: [
      {
        mark: { type: "bar", cornerRadiusEnd: 2 },
        encoding: {
          ...{ y, x, tooltip },
          color: {
            condition: { test: `datum.index === ${classes[0]!.index}`, value: chartColors.first },
            value: chartColors.quiet,
          },
        },
      },
      {
        mark: { type: "text", align: "left", dx: 4, color: chartColors.quiet, fontSize: 12 },
        encoding: { y, x, text: { field: "label" } },
      },
    ],
  };
}
