import { toScores } from "../inspect/modelScores.ts";
import { isTensor } from "../inspect/pictureValues.ts";
import { preprocessingSteps, type PreprocessingMode } from "../inspect/undoPreprocessing.ts";
import { drawContactSheet, type SheetCell } from "../render/contactSheet.ts";
import { formatNumber, formatShare } from "../render/formatNumber.ts";
import { checkWhole, checkWord } from "./checkOption.ts";
import { chooseShown } from "./chooseShown.ts";
import { listPictures, type PictureSource } from "./galleryPictures.ts";
import { checkCount, labelNames, nameOfClass, type NamesOrLabels } from "./labelNames.ts";
import { createView, type View } from "./view.ts";

/** How {@link gallery} shows pictures. */
export interface GalleryOptions {
  /** What each picture shows: names, or indices of classes (also a tensor of indices or one-hot rows). */
  labels?: NamesOrLabels;
  /**
   * What a network takes it for: with labels, wrong ones are marked. A tensor of scores `[n, classes]`, as `model.predict` returns,
   * brings the probabilities with it.
   */
  predictions?: NamesOrLabels;
  /** How sure the network is of each prediction, 0 to 1. */
  probabilities?: ArrayLike<number>;
  /** Names of the classes, where labels and predictions are indices. */
  classNames?: readonly string[];
  /** How many pictures in a row. Default 10. */
  perRow?: number;
  /** The same as `perRow`. */
  columns?: number;
  /** Shows so many pictures, drawn at random. Default: all, up to 1,000; of more, 200 are drawn. */
  sample?: number;
  /** Chooses which ones are drawn. Default 1. */
  seed?: number;
  /** Shows one page of the pictures, the first is 1, instead of a sample. */
  page?: number;
  /** How many pictures a page has. Default 200. */
  perPage?: number;
  /** What was done to the pictures for a network, see {@link PreprocessingMode}: it is undone. */
  preprocessing?: PreprocessingMode;
  /** How large the PNG may be: of too many or too large pictures it is drawn smaller, then without the last ones. Default 1,500,000. */
  maxBytes?: number;
  /** Default: none. */
  title?: string;
}

/** The numbers behind the picture of {@link gallery}. */
export interface GalleryData {
  /** Of all pictures, as are labels and predictions, also where only some are shown. */
  count: number;
  /** Which pictures are shown, where not all are. */
  shown?: readonly number[];
  labels?: readonly string[];
  predictions?: readonly string[];
  probabilities?: readonly number[];
  /** How many predictions are the label; only with both. */
  correct?: number;
  /** The numbers that are shown black and white; only for tensors. */
  range?: [number, number];
}

const who = "gallery";

/**
 * Shows pictures side by side, like contact sheets: with labels and, where there are predictions as well, "✓" at the right ones
 * and a frame with "✗" around the wrong ones.
 *
 * ```ts
 * const view = gallery(tf.randomUniform([20, 28, 28, 1]), { perRow: 5 });
 * await view.save("sheet.png");
 * ```
 *
 * Numbers from 0 to 1, from 0 to 255 and from −1 to 1 are recognised as such; others are spread from the least to the largest. Of more
 * than 1,000 pictures a sample is shown, and the sheet says how it was drawn; `page` leafs through all of them.
 *
 * @param images a tensor `[n, height, width, channels]`, an array of tensors, or paths of files
 * @throws InputError when there is nothing to show, a file is missing or labels are too few or too many; one that cannot be read as
 *   a picture is reported when the sheet is drawn
 */
export function gallery(
  images: PictureSource,
  {
    labels,
    predictions,
    probabilities,
    classNames,
    columns,
    perRow = columns ?? 10,
    preprocessing,
    maxBytes = 1_500_000,
    title,
    ...choice
  }: GalleryOptions = {},
): View<GalleryData> {
  checkWhole(who, "perRow", perRow);
  checkWhole(who, "maxBytes", maxBytes);
  if (preprocessing) checkWord(who, "preprocessing", preprocessing, Object.keys(preprocessingSteps));
  const pictures = listPictures(images, { who, preprocessing });
  const { count, range } = pictures;
  const shownLabels = labels && labelNames(labels, { classNames, count, who, what: "labels" });
  const said = predictions && readPredictions(predictions, { classNames, count, who, what: "predictions" });
  const sure = probabilities ? Array.from(probabilities) : said?.probabilities;
  if (sure) checkCount("probabilities", sure, count, who);

  const { indices, note } = chooseShown(count, { ...choice, who });
  const data: GalleryData = {
    count,
    ...(note && { shown: indices }),
    ...(shownLabels && { labels: shownLabels }),
    ...(said && { predictions: said.names }),
    ...(sure && { probabilities: sure }),
    ...(shownLabels && said && { correct: shownLabels.filter((label, i) => label === said.names[i]).length }),
    ...(range && { range }),
  };
  const undone = noteOfRange(range, preprocessing);
  const text = describe(data, [note, undone, pictures.note], title);
  const read = pictures.choose(indices);

  async function draw() {
    const thumbnails = await read();
    const cells = indices.map((index, i): SheetCell => ({
      picture: thumbnails[i]!,
      ...captionOf(data, index),
    }));
    const notes = [describeCorrect(data), note, undone, pictures.note].filter((line) => line !== undefined);
    return drawContactSheet(cells, { title, notes, columns: perRow, maxBytes });
  }
  return createView({ data, text, alt: text.split("\n", 1)[0]!, png: draw });
}

/** The names of predictions, and the probabilities that scores bring with them. */
function readPredictions(
  predictions: NamesOrLabels,
  options: Parameters<typeof labelNames>[1],
): { names: string[]; probabilities?: number[] } {
  if (!isTensor(predictions) || predictions.rank !== 2) return { names: labelNames(predictions, options) };
  const { predicted, probabilities, classes } = toScores(predictions as never);
  checkCount(options.what, predicted, options.count, who);
  return {
    names: Array.from(predicted, (index) => nameOfClass(index, options.classNames)),
    probabilities: Array.from(predicted, (index, i) => probabilities[i * classes + index]!),
  };
}

function noteOfRange(range: GalleryData["range"], mode: PreprocessingMode | undefined): string | undefined {
  if (mode) return `undone for looking at them: ${preprocessingSteps[mode]}`;
  if (!range || (range[0] === 0 && (range[1] === 1 || range[1] === 255))) return undefined;
  return `shown black to white: ${formatNumber(range[0])} to ${formatNumber(range[1])}`;
}

function captionOf({ labels, predictions, probabilities }: GalleryData, index: number): Partial<SheetCell> {
  const [label, prediction] = [labels?.[index], predictions?.[index]];
  const sure = probabilities ? ` (${formatShare(probabilities[index]!)})` : "";
  if (prediction === undefined) return label === undefined ? {} : { caption: [label] };
  if (label === undefined) return { caption: [`${prediction}${sure}`] };
  if (label === prediction) return { caption: [`✓ ${label}${sure}`] };
  return { caption: [`✗ ${prediction}${sure}`, `true ${label}`], marked: true };
}

/** So many wrong pictures are named in the text. */
const mostNamed = 50;

function describe(data: GalleryData, notes: (string | undefined)[], title = "Gallery"): string {
  const { count, labels, predictions, probabilities, range } = data;
  const parts = [
    `${title}: ${String(count)} ${count === 1 ? "picture" : "pictures"}`,
    labels && summarizeLabels(labels),
    describeCorrect(data),
    range && `numbers from ${formatNumber(range[0])} to ${formatNumber(range[1])}`,
    ...notes.filter((note) => !note?.startsWith("shown black")),
  ];
  const wrong = (labels ?? []).flatMap((label, i) => {
    if (predictions === undefined || predictions[i] === label) return [];
    const sure = probabilities ? ` (${formatShare(probabilities[i]!)})` : "";
    return [`picture ${String(i + 1)}: ${label}, taken for ${predictions[i]!}${sure}`];
  });
  const more = wrong.length - mostNamed;
  return [
    parts.filter((part) => typeof part === "string").join("; "),
    ...wrong.slice(0, mostNamed),
    ...(more > 0 ? [`and ${more.toLocaleString("en-US")} more`] : []),
  ].join("\n");
}

function describeCorrect({ count, correct }: GalleryData): string | undefined {
  return correct === undefined ? undefined : `${correct} predicted right, ${count - correct} wrong`;
}

/** How many of each there are. */
function summarizeLabels(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Array.from(counts, ([label, count]) => `${label} (${String(count)})`).join(", ");
}
