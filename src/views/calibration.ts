import { InputError } from "../errors.ts";
import { calibrate, type Calibration } from "../inspect/calibration.ts";
import type { Labels } from "../inspect/classLabels.ts";
import type { Model, Tensor } from "../inspect/tensors.ts";
import type { ChartSpecification } from "../render/chart.ts";
import { countPictures, formatShare } from "../render/formatNumber.ts";
import { textColumns } from "../render/table.ts";
import { chartColors, styledChart } from "./chartStyle.ts";
import { checkWhole } from "./checkOption.ts";
import {
  judge,
  type Judged,
  type JudgeOptions,
  type LabelledBatches,
  type LabelledPictures,
} from "./judgedData.ts";
import { createChartView } from "./chartView.ts";
import type { View } from "./view.ts";

/** How {@link calibration} counts. */
export interface CalibrationOptions extends JudgeOptions {
  /** Into how many bins of equal width the confidences are sorted. Default 10. */
  bins?: number;
  /** Default `"Calibration"`. */
  title?: string;
}

/** The numbers behind the picture of {@link calibration}. */
export interface CalibrationData extends Calibration {
  count: number;
  accuracy: number;
  /** The mean probability of the predicted classes. */
  confidence: number;
}

const who = "calibration";

/**
 * Shows whether a network is as often right as it says: its accuracy over the probability of the predicted class, bin by bin, and
 * the expected calibration error (ECE, Guo et al. 2017). On the diagonal a network that says 80% is right in 80 of 100 pictures;
 * below it, it is too sure of itself.
 *
 * ```ts
 * const scores = tf.tensor2d([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]]);
 * calibration([0, 1, 0], scores).data.ece; // 0.3
 * ```
 *
 * @param yTrue what the pictures show: indices, names, or a tensor of indices or one-hot rows
 * @param scores the probabilities `[n, classes]`, or `[n, 1]` for two classes, as `model.predict` returns them
 * @throws InputError when there are not as many of the one as of the other
 */
export function calibration(
  yTrue: Labels,
  scores: Tensor,
  options?: CalibrationOptions,
): View<CalibrationData>;
/** The same for the pictures `{ x, y }`, which the model is asked about. */
export function calibration(
  model: Model,
  data: LabelledPictures,
  options?: CalibrationOptions,
): View<CalibrationData>;
/** The same for an epoch of batches `{ xs, ys }`, such as `flowFromDirectory` gives. */
export function calibration(
  model: Model,
  data: LabelledBatches,
  options?: CalibrationOptions,
): Promise<View<CalibrationData>>;
export function calibration(
  first: Labels | Model,
  second: Tensor | LabelledPictures | LabelledBatches,
  { bins = 10, title = "Calibration", ...options }: CalibrationOptions = {},
): View<CalibrationData> | Promise<View<CalibrationData>> {
  checkWhole(who, "bins", bins);
  return judge(first, second, { ...options, who }, (judged) => showCalibration(judged, bins, title));
}

function showCalibration(
  { truth, predicted, scores }: Judged,
  bins: number,
  title: string,
): View<CalibrationData> {
  if (scores === undefined) {
    const fix = "give what model.predict returned";
    throw new InputError({ who, expected: "scores [n, classes]", found: "predicted classes", fix });
  }
  const { probabilities, classes, count, applied } = scores;
  const confidences = Float64Array.from(predicted, (index, i) => probabilities[i * classes + index]!);
  const right = Array.from(predicted, (index, i) => index === truth[i]);
  const mean = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((a, b) => a + b, 0) / count;
  const data: CalibrationData = {
    ...calibrate(confidences, right, bins),
    count,
    accuracy: mean(right.map(Number)),
    confidence: mean(confidences),
  };
  const finding = [
    `${countPictures(count)}: ${formatShare(data.accuracy)} right, ${formatShare(data.confidence)} sure on average`,
    `expected calibration error ${formatShare(data.ece)}: ${verdictOf(data)}${applied ? `; ${applied} applied to the model's numbers` : ""}`,
  ];
  const specification = calibrationChart(data, [title, ...finding]);
  const rows = data.bins.map((bin) => [
    `${formatShare(bin.from)} to ${formatShare(bin.to)}`,
    bin.count.toLocaleString("en-US"),
    formatShare(bin.confidence),
    formatShare(bin.accuracy),
  ]);
  return createChartView({
    data,
    text: [
      `${title}: ${finding[0]!}`,
      finding[1]!,
      textColumns([["confidence", "pictures", "mean", "right"], ...rows]),
    ].join("\n"),
    alt: `${title}: ${finding.join("; ")}`,
    chart: specification,
  });
}

function verdictOf({ ece, accuracy, confidence }: CalibrationData): string {
  if (ece < 0.02) return "as sure as it is right";
  return confidence > accuracy ? "too sure of itself" : "less sure than it might be";
}

function calibrationChart({ bins }: CalibrationData, title: string[]): ChartSpecification {
  // A gap between bars that touch.
  const gap = 0.003;
  const values = bins
    .filter(({ count }) => count > 0)
    .map((bin) => ({ ...bin, from: bin.from + gap, to: bin.to - gap }));
  const share = { type: "quantitative", scale: { domain: [0, 1] }, axis: { format: "~%", tickCount: 6 } };
  const x = { field: "from", ...share, title: "confidence: probability of the predicted class" };
  const bars = { x, x2: { field: "to" }, y2: { datum: 0 } };
  const tooltip = [
    { field: "count", title: "pictures" },
    { field: "confidence", format: ".1%" },
    { field: "accuracy", title: "right", format: ".1%" },
  ];
  return styledChart(title, {
    spacing: 12,
    vconcat: [
      {
        ...{ width: 340, height: 260, data: { values } },
        layer: [
          {
            mark: { type: "rect", color: chartColors.first },
            encoding: {
              ...bars,
              y: { field: "accuracy", ...share, title: "share of right predictions" },
              tooltip,
            },
          },
          {
            data: { values: [{ at: 0 }, { at: 1 }] },
            mark: { type: "line", strokeDash: [4, 4], color: chartColors.quiet },
            encoding: { x: { field: "at", ...share }, y: { field: "at", ...share } },
          },
          {
            mark: { type: "point", filled: true, color: chartColors.second, size: 50, opacity: 1 },
            encoding: { x: { ...x, field: "confidence" }, y: { field: "accuracy", ...share }, tooltip },
          },
        ],
      },
      {
        ...{ width: 340, height: 60, data: { values } },
        mark: { type: "rect", color: chartColors.quiet },
        encoding: {
          ...bars,
          y: { field: "count", type: "quantitative", title: "pictures", axis: { tickCount: 3 } },
          tooltip,
        },
      },
    ],
  });
}
