import type { Labels } from "../inspect/classLabels.ts";
import { countConfusion, reportClasses, type ClassReport } from "../inspect/confusion.ts";
import type { Model } from "../inspect/tensors.ts";
import type { ChartSpecification } from "../render/chart.ts";
import { countPictures, formatShare } from "../render/formatNumber.ts";
import { textColumns } from "../render/table.ts";
import { chartColors, styledChart } from "./chartStyle.ts";
import {
  judge,
  type Judged,
  type JudgeOptions,
  type LabelledBatches,
  type LabelledPictures,
} from "./judgedData.ts";
import { createChartView } from "./chartView.ts";
import type { View } from "./view.ts";

/** How {@link perClassAccuracy} counts. */
export interface PerClassOptions extends JudgeOptions {
  /** Default `"Accuracy by class"`. */
  title?: string;
}

/** The numbers behind the picture of {@link perClassAccuracy}. */
export interface PerClassData {
  count: number;
  accuracy: number;
  /** In the order of the classes. */
  perClass: ClassReport[];
}

/**
 * Shows how many pictures of each class are recognised, the worst class first, with precision and F1 in the text.
 *
 * ```ts
 * perClassAccuracy([0, 1, 1, 2], [0, 1, 2, 2], { classNames: ["cat", "dog", "fox"] }).data.perClass[1]!.recall; // 0.5
 * ```
 *
 * @param yTrue what the pictures show: indices, names, or a tensor of indices or one-hot rows
 * @param yPred what they are taken for: the same, or a tensor of scores
 * @throws InputError when there are not as many of the one as of the other
 */
export function perClassAccuracy(yTrue: Labels, yPred: Labels, options?: PerClassOptions): View<PerClassData>;
/** The same for the pictures `{ x, y }`, which the model is asked about. */
export function perClassAccuracy(
  model: Model,
  data: LabelledPictures,
  options?: PerClassOptions,
): View<PerClassData>;
/** The same for an epoch of batches `{ xs, ys }`, such as `flowFromDirectory` gives. */
export function perClassAccuracy(
  model: Model,
  data: LabelledBatches,
  options?: PerClassOptions,
): Promise<View<PerClassData>>;
export function perClassAccuracy(
  first: Labels | Model,
  second: Labels | LabelledPictures | LabelledBatches,
  { title = "Accuracy by class", ...options }: PerClassOptions = {},
): View<PerClassData> | Promise<View<PerClassData>> {
  const who = "perClassAccuracy";
  return judge(first, second, { ...options, who }, (judged) => showClasses(judged, title));
}

function showClasses({ truth, predicted, classNames }: Judged, title: string): View<PerClassData> {
  const perClass = reportClasses(countConfusion(truth, predicted, classNames.length), classNames);
  const count = truth.length;
  const right = truth.reduce((sum, index, i) => sum + Number(index === predicted[i]), 0);
  const data: PerClassData = { count, accuracy: right / count, perClass };
  const sorted = perClass.filter(({ support }) => support > 0).sort((a, b) => a.recall - b.recall);
  const [worst, best] = [sorted[0]!, sorted.at(-1)!];
  const finding =
    `${countPictures(count)}, ${formatShare(data.accuracy)} right; ` +
    `worst ${worst.name} (${formatShare(worst.recall)}), best ${best.name} (${formatShare(best.recall)})`;
  const specification = classChart(data, sorted, [title, finding]);
  const rows = [...sorted, ...perClass.filter(({ support }) => support === 0)].map((row) => [
    row.name,
    row.support.toLocaleString("en-US"),
    ...[row.recall, row.precision, row.f1].map(formatShare),
  ]);
  return createChartView({
    data,
    text: `${title}: ${finding}\n${textColumns([["class", "pictures", "recognised", "precision", "F1"], ...rows])}`,
    alt: `${title}: ${finding}`,
    chart: specification,
  });
}

const chartWidth = 380;
/** Above so many classes the bars are thin. */
const mostTallBars = 40;

function classChart(
  { accuracy }: PerClassData,
  sorted: readonly ClassReport[],
  title: string[],
): ChartSpecification {
  const values = sorted.map((row) => ({ ...row, label: formatShare(row.recall) }));
  const y = {
    field: "name",
    type: "nominal",
    sort: null,
    title: null,
    axis: { domain: false, ticks: false },
  };
  const x = {
    field: "recall",
    type: "quantitative",
    title: "recognised",
    scale: { domain: [0, 1] },
    axis: { format: "~%" },
  };
  const tooltip = [
    { field: "name", title: "class" },
    { field: "support", title: "pictures" },
    ...["recall", "precision", "f1"].map((field) => ({ field, format: ".1%" })),
  ];
  return styledChart(title, {
    width: chartWidth,
    height: { step: values.length <= mostTallBars ? 22 : 13 },
    data: { values },
    layer: [
      { mark: { type: "bar", color: chartColors.first }, encoding: { y, x, tooltip } },
      {
        mark: { type: "text", align: "left", x: chartWidth + 6, color: chartColors.quiet, fontSize: 11 },
        encoding: { y, text: { field: "label" } },
      },
      {
        data: { values: [{ accuracy }] },
        mark: { type: "rule", strokeDash: [4, 4], color: chartColors.second, strokeWidth: 1.5 },
        encoding: { x: { ...x, field: "accuracy" } },
      },
    ],
  });
}
