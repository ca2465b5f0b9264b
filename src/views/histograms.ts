import { InputError } from "../errors.ts";
import type { Histogram } from "../inspect/histogram.ts";
import { countSpreads, spreadKinds, type SpreadData, type SpreadKind } from "../inspect/spreads.ts";
import type { Model } from "../inspect/tensors.ts";
import { KerasCallback } from "../keras/callbacks/kerasCallback.ts";
import { checkWhole, checkWord } from "./checkOption.ts";
import { drawHistograms, statistics } from "./histogramsPicture.ts";
import { createDrawingView } from "./drawingView.ts";
import type { View } from "./view.ts";

/** What {@link histograms} and {@link recordHistograms} count. */
export interface CountOptions {
  /**
   * `"weights"` (default); `"activations"`: what layers give for the pictures of `data`; `"gradients"`: of the compiled loss for
   * `data: { x, y }`, without dropout.
   */
  of?: SpreadKind;
  /** Layers by name or index. Default: all. */
  layers?: readonly (string | number)[];
  /** A batch of pictures, or `{ x, y }`. */
  data?: SpreadData;
  /** How many bins at most; few numbers have fewer. Default 40. */
  bins?: number;
}

/** How {@link histograms} shows what it counted. */
export interface HistogramsOptions extends CountOptions {
  /** `"log"`: a logarithmic height, which shows what is rare. Default `"linear"`. */
  scale?: "linear" | "log";
  /** Of a record: which epochs, counted from 1. Default: all, or twelve of them. */
  epochs?: readonly number[];
  /** Which page, from 1, where there are more than 48 tensors. Default 1. */
  page?: number;
  /** How many panels in a row. Default 3. */
  perRow?: number;
  /** Default: what is counted, and the name of the model. */
  title?: string;
}

/** A tensor, at one moment or after several epochs. */
export interface NamedSeries {
  name: string;
  moments: { epoch: number; histogram: Histogram }[];
}

/** The numbers behind the picture of {@link histograms}. */
export interface HistogramsData {
  of: SpreadKind;
  scale: "linear" | "log";
  page: number;
  pages: number;
  series: NamedSeries[];
}

const who = "histograms";
const panelsPage = 48;
const mostRidges = 12;

/** Keeps the counts after each epoch. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class HistogramRecord extends KerasCallback {
  readonly of: SpreadKind;
  /** What was counted, tensor by tensor. */
  readonly series: NamedSeries[] = [];
  modelName = "";
  readonly #options: CountOptions;

  constructor(options: CountOptions) {
    super();
    this.of = options.of ?? "weights";
    checkWord(who, "of", this.of, spreadKinds);
    this.#options = options;
  }

  override onTrainBegin(): Promise<void> {
    this.series.length = 0;
    this.modelName = this.trained.name;
    return Promise.resolve();
  }

  override onEpochEnd(epoch: number): Promise<void> {
    for (const { name, ...histogram } of count(this.trained, this.#options)) {
      let one = this.series.find((known) => known.name === name);
      if (one === undefined) this.series.push((one = { name, moments: [] }));
      one.moments.push({ epoch: epoch + 1, histogram });
    }
    return Promise.resolve();
  }
}

/**
 * A callback that counts weights, activations or gradients after each epoch; {@link histograms} shows how they change.
 *
 * ```ts
 * const record = recordHistograms({ of: "weights" });
 * await fit(model, train, { epochs: 10, callbacks: [record] });
 * await histograms(record).save("weights.png");
 * ```
 *
 * @param options see {@link CountOptions}; all have defaults
 */
export function recordHistograms(options: CountOptions = {}): HistogramRecord {
  return new HistogramRecord(options);
}

/**
 * Shows how numbers are spread: a panel for each tensor with its bins, its mean, how many are zero, and how many are NaN or infinite. Of a
 * record of a training the epochs stand one below the other, as ridges with the latest one in front.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [28, 28, 3], filters: 8, kernelSize: 3 })] });
 * await histograms(model, { of: "activations", data: tf.randomUniform([16, 28, 28, 3]) }).save("spread.png");
 * ```
 *
 * @param subject a model, or what {@link recordHistograms} has recorded
 * @param options see {@link HistogramsOptions}; all have defaults
 * @throws InputError for data that are missing, a layer, an epoch or a page that is not there, a record without epochs
 */
export function histograms(
  subject: Model | HistogramRecord,
  options: HistogramsOptions = {},
): View<HistogramsData> {
  const { scale = "linear", page = 1, perRow = 3 } = options;
  checkWord(who, "scale", scale, ["linear", "log"]);
  checkWhole(who, "perRow", perRow);
  const isRecord = subject instanceof HistogramRecord;
  const of = isRecord ? subject.of : (options.of ?? "weights");
  checkWord(who, "of", of, spreadKinds);
  const all = isRecord ? chosenEpochs(subject.series, options.epochs) : seriesOf(subject, options);
  const pages = Math.ceil(all.length / panelsPage);
  checkWhole(who, "page", page, 1, pages);
  const series = all.slice((page - 1) * panelsPage, page * panelsPage);
  const data: HistogramsData = { of, scale, page, pages, series };
  const name = isRecord ? subject.modelName : subject.name;
  const title = options.title ?? `${of[0]!.toUpperCase()}${of.slice(1)} of ${name}`;
  const meaning = meaningOf(data);
  const finding = findingOf(data);
  return createDrawingView({
    data,
    text: [
      `${title}: ${finding}`,
      ...series.map((one) => `${one.name}  ${statistics(one.moments.at(-1)!.histogram)}`),
    ].join("\n"),
    alt: `${title}: ${finding}`,
    draw: () => drawHistograms(data, { title, meaning, perRow }),
  });
}

function count(model: Model, { of = "weights", layers, data, bins = 40 }: CountOptions) {
  checkWhole(who, "bins", bins);
  return countSpreads(model, { of, layers, data, bins, who });
}

function seriesOf(model: Model, options: HistogramsOptions): NamedSeries[] {
  return count(model, options).map(({ name, ...histogram }) => ({
    name,
    moments: [{ epoch: 0, histogram }],
  }));
}

/** The epochs that were asked for, or as many as can be told apart, the first and the last among them. */
function chosenEpochs(series: readonly NamedSeries[], epochs: readonly number[] | undefined): NamedSeries[] {
  const recorded = series[0]?.moments.map(({ epoch }) => epoch) ?? [];
  if (recorded.length === 0) {
    const fix = "pass it to fit as a callback first";
    throw new InputError({ who, expected: "a record with epochs", found: "none", fix });
  }
  const missing = epochs?.find((epoch) => !recorded.includes(epoch));
  if (missing !== undefined || epochs?.length === 0) {
    const expected = `epochs between ${String(recorded[0])} and ${String(recorded.at(-1))}`;
    throw new InputError({ who, expected, found: String(missing ?? "none") });
  }
  const count = Math.min(mostRidges, recorded.length);
  const step = (recorded.length - 1) / Math.max(count - 1, 1);
  const spread = Array.from({ length: count }, (_, i) => Math.round(i * step));
  const wanted = new Set(epochs ?? spread.map((at) => recorded[at]!));
  return series.map(({ name, moments }) => ({
    name,
    moments: moments.filter(({ epoch }) => wanted.has(epoch)),
  }));
}

function findingOf({ series }: HistogramsData): string {
  const last = series.map(({ moments }) => moments.at(-1)!.histogram);
  const sum = (of: (histogram: Histogram) => number): number => last.reduce((all, one) => all + of(one), 0);
  const broken = sum(({ nan, infinite }) => nan + infinite);
  const size = sum((one) => one.size);
  const zero = ((100 * sum(({ zeros }) => zeros)) / size).toFixed(1);
  const numbers = size.toLocaleString("en-US");
  const trouble = broken === 0 ? "all finite" : `${broken.toLocaleString("en-US")} not finite`;
  return `${String(series.length)} tensors, ${numbers} numbers, ${zero}% zero, ${trouble}`;
}

function meaningOf({ scale, page, pages, series }: HistogramsData): string {
  const { moments } = series[0]!;
  const parts = [
    moments.length > 1 && `epochs ${moments.map(({ epoch }) => epoch).join(", ")}, each by itself`,
    scale === "log" ? "logarithmic height" : "height: share of the numbers",
    pages > 1 && `page ${String(page)} of ${String(pages)}`,
  ];
  return parts.filter((part) => part !== false).join(" · ");
}
