import { toClassLabels, type Labels } from "../inspect/classLabels.ts";
import { readScores } from "../inspect/modelScores.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import type { PreprocessingMode } from "../inspect/undoPreprocessing.ts";
import { drawContactSheet } from "../render/contactSheet.ts";
import { formatShare } from "../render/formatNumber.ts";
import { textToPng } from "../render/textPicture.ts";
import { checkWhole } from "./checkOption.ts";
import { listPictures } from "./galleryPictures.ts";
import { checkCount, nameOfClass } from "./labelNames.ts";
import { createView, type View } from "./view.ts";

/** How {@link misclassified} shows mistakes. */
export interface MisclassifiedOptions {
  /** Names of the classes, in the order of their indices. */
  classNames?: readonly string[];
  /** How many mistakes are shown, the worst first. Default 40. */
  top?: number;
  /** How many pictures in a row. Default 8. */
  perRow?: number;
  /** Of a model with several outputs the one that is judged, by name or index. */
  output?: string | number;
  /** Pictures that go through the model at once. Default 256. */
  batchSize?: number;
  /** What was done to the pictures for the network, see {@link PreprocessingMode}: it is undone for looking at them. */
  preprocessing?: PreprocessingMode;
  /** How large the PNG may be: of too many or too large pictures it is drawn smaller, then without the last ones. Default 1,500,000. */
  maxBytes?: number;
  /** Default `"Misclassified"`. */
  title?: string;
}

/** One mistake. */
export interface Mistake {
  /** Which picture. */
  index: number;
  label: string;
  prediction: string;
  /** The probability of the prediction, and the one of the true class. */
  probability: number;
  trueProbability: number;
}

/** The numbers behind the picture of {@link misclassified}. */
export interface MisclassifiedData {
  count: number;
  accuracy: number;
  /** All of them, the worst first: ordered by the probability of the prediction less the one of the true class. */
  mistakes: Mistake[];
}

const who = "misclassified";

/**
 * Shows the pictures that a classifier takes for something else, the ones it is most wrong about first: "true 4 → 9 (97%)".
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), tf.layers.dense({ units: 2, activation: "softmax" })] });
 * const view = misclassified(model, tf.randomUniform([20, 8, 8, 1]), tf.ones([20]), { classNames: ["cat", "dog"] });
 * view.data.mistakes[0]?.probability;
 * ```
 *
 * @param model built, with one input that takes pictures
 * @param images `[n, height, width, channels]`, scaled as in training
 * @param labels what they show: indices, names, or a tensor of indices or one-hot rows
 * @throws InputError when images or labels do not fit
 */
export function misclassified(
  model: Model,
  images: Tensor | readonly Tensor[],
  labels: Labels,
  {
    classNames,
    top = 40,
    perRow = 8,
    output,
    batchSize,
    preprocessing,
    maxBytes = 1_500_000,
    title = "Misclassified",
  }: MisclassifiedOptions = {},
): View<MisclassifiedData> {
  checkWhole(who, "top", top, 1, 1000);
  checkWhole(who, "perRow", perRow);
  checkWhole(who, "maxBytes", maxBytes);
  const { predicted, probabilities, classes, count } = readScores(model, images, { output, batchSize, who });
  const truth = toClassLabels(labels, { who, what: "labels", classNames });
  checkCount("labels", truth.classes, count, who);
  const nameOf = (index: number): string => nameOfClass(index, classNames);
  const mistakes = Array.from(predicted, (guess, index): Mistake => {
    const label = truth.classes[index]!;
    const [probability, trueProbability] = [guess, label].map(
      (each) => probabilities[index * classes + each] ?? 0,
    );
    return {
      index,
      label: nameOf(label),
      prediction: nameOf(guess),
      probability: probability!,
      trueProbability: trueProbability!,
    };
  })
    .filter(({ index }) => predicted[index] !== truth.classes[index])
    .sort(
      (a, b) => b.probability - b.trueProbability - (a.probability - a.trueProbability) || a.index - b.index,
    );

  const data = { count, accuracy: 1 - mistakes.length / count, mistakes };
  const shown = mistakes.slice(0, top);
  const head = describe(data, shown.length);
  const pictures = listPictures(images, { who, preprocessing, model });
  const read = pictures.choose(shown.map(({ index }) => index));
  const text = [
    `${title}: ${head}`,
    ...shown.map((mistake) => `picture ${mistake.index + 1}: ${captionOf(mistake)}`),
  ];
  return createView({
    data,
    text: text.join("\n"),
    alt: `${title}: ${head}${shown[0] ? `; worst ${captionOf(shown[0])}` : ""}`,
    png: async () => {
      if (shown.length === 0) return textToPng(text.join("\n"));
      const thumbnails = await read();
      const cells = shown.map((mistake, i) => ({ picture: thumbnails[i]!, caption: [captionOf(mistake)] }));
      const notes = [head, ...(pictures.note === undefined ? [] : [pictures.note])];
      return drawContactSheet(cells, { title, notes, columns: perRow, maxBytes });
    },
  });
}

const captionOf = ({ label, prediction, probability }: Mistake): string =>
  `true ${label} → ${prediction} (${formatShare(probability)})`;

function describe({ count, accuracy, mistakes }: MisclassifiedData, shown: number): string {
  const all = `${mistakes.length.toLocaleString("en-US")} of ${count.toLocaleString("en-US")} pictures, ${formatShare(accuracy)} are right`;
  if (mistakes.length === 0) return `none of ${count.toLocaleString("en-US")} pictures`;
  return shown < mistakes.length ? `${all}; the worst ${shown} are shown` : all;
}
