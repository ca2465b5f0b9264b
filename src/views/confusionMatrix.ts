import { InputError } from "../errors.ts";
import type { Labels } from "../inspect/classLabels.ts";
import {
  countConfusion,
  normalizeConfusion,
  reportClasses,
  type ClassReport,
  type Normalize,
} from "../inspect/confusion.ts";
import type { Model } from "../inspect/tensors.ts";
import { countPictures, formatShare } from "../render/formatNumber.ts";
import { textColumns } from "../render/table.ts";
import { confusionChart } from "./confusionChart.ts";
import {
  judge,
  type Judged,
  type JudgeOptions,
  type LabelledBatches,
  type LabelledPictures,
} from "./judgedData.ts";
import { createChartView } from "./chartView.ts";
import type { View } from "./view.ts";

/** How {@link confusionMatrix} counts. */
export interface ConfusionOptions extends JudgeOptions {
  /**
   * Shares instead of counts: of the true class (`true` or `"true"`: rows sum to 1), of the predicted class (`"pred"`) or of all
   * pictures (`"all"`). Default `false`.
   */
  normalize?: boolean | "none" | "true" | "pred" | "all";
  /** Default `"Confusion matrix"`. */
  title?: string;
}

/** The numbers behind the picture of {@link confusionMatrix}. */
export interface ConfusionData {
  classNames: readonly string[];
  /** Rows are true classes, columns predicted ones. */
  counts: number[][];
  /** The counts, or shares of them. */
  matrix: number[][];
  normalize: Normalize;
  count: number;
  accuracy: number;
  perClass: ClassReport[];
}

/**
 * Shows which classes are taken for which: a row for each true class, a column for each predicted one.
 *
 * ```ts
 * const view = confusionMatrix([0, 1, 2, 2], [0, 2, 2, 2], { classNames: ["cat", "dog", "fox"], normalize: true });
 * view.data.accuracy; // 0.75
 * view.data.perClass[1]; // { name: "dog", support: 1, recall: 0, … }
 * ```
 *
 * @param yTrue what the pictures show: indices, names, or a tensor of indices or one-hot rows
 * @param yPred what they are taken for: the same, or a tensor of scores
 * @throws InputError when there are not as many of the one as of the other
 */
export function confusionMatrix(
  yTrue: Labels,
  yPred: Labels,
  options?: ConfusionOptions,
): View<ConfusionData>;
/** The same for the pictures `{ x, y }`, which the model is asked about. */
export function confusionMatrix(
  model: Model,
  data: LabelledPictures,
  options?: ConfusionOptions,
): View<ConfusionData>;
/** The same for an epoch of batches `{ xs, ys }`, such as `flowFromDirectory` gives. */
export function confusionMatrix(
  model: Model,
  data: LabelledBatches,
  options?: ConfusionOptions,
): Promise<View<ConfusionData>>;
export function confusionMatrix(
  first: Labels | Model,
  second: Labels | LabelledPictures | LabelledBatches,
  { normalize = false, title = "Confusion matrix", ...options }: ConfusionOptions = {},
): View<ConfusionData> | Promise<View<ConfusionData>> {
  const who = "confusionMatrix";
  const way = normalize === true ? "true" : normalize === false ? "none" : normalize;
  if (!["none", "true", "pred", "all"].includes(way)) {
    const expected = "normalize: true, false, none, true, pred or all";
    throw new InputError({ who, expected, found: JSON.stringify(normalize) });
  }
  return judge(first, second, { ...options, who }, (judged) => showConfusion(judged, way, title));
}

function showConfusion(
  { truth, predicted, classNames }: Judged,
  normalize: Normalize,
  title: string,
): View<ConfusionData> {
  const counts = countConfusion(truth, predicted, classNames.length);
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const data: ConfusionData = {
    classNames,
    counts,
    matrix: normalizeConfusion(counts, normalize),
    normalize,
    count: truth.length,
    accuracy: right / truth.length,
    perClass: reportClasses(counts, classNames),
  };
  const [finding, confused] = findings(data);
  const specification = confusionChart(data, [title, finding, confused]);
  return createChartView({
    data,
    text: [`${title}: ${finding}`, confused, ...tableOf(data)].join("\n"),
    alt: `${title}: ${finding}; ${confused}`,
    chart: specification,
  });
}

function findings({ counts, classNames, count, accuracy }: ConfusionData): [string, string] {
  const mistakes = counts
    .flatMap((row, i) => row.flatMap((times, j) => (i === j || times === 0 ? [] : [{ times, i, j }])))
    .sort((a, b) => b.times - a.times);
  const most = mistakes
    .slice(0, 3)
    .map(({ times, i, j }) => `${classNames[i]!} → ${classNames[j]!} (${times.toLocaleString("en-US")})`);
  return [
    `${countPictures(count)} of ${classNames.length} classes, ${formatShare(accuracy)} right`,
    most.length === 0 ? "no mistake" : `most mistakes ${most.join(", ")}`,
  ];
}

/** As wide as a terminal allows. */
const mostColumns = 16;

function tableOf({ counts, matrix, classNames, normalize }: ConfusionData): string[] {
  if (classNames.length > mostColumns) return [];
  const short = classNames.map((name) => (name.length > 12 ? `${name.slice(0, 11)}…` : name));
  const rows = matrix.map((row, i) => [
    short[i]!,
    ...row.map((value, j) => (normalize === "none" ? String(counts[i]![j]!) : formatShare(value))),
  ]);
  return [textColumns([["true \\ predicted", ...short], ...rows])];
}
