import { InputError } from "../errors.ts";
import { summarizeModel, type ModelSummary, type ParameterCount } from "../inspect/modelSummary.ts";
import type { Model } from "../inspect/tensors.ts";
import { textTable, type Column } from "../render/table.ts";
import { textToPng } from "../render/textPicture.ts";
import { bytesToText, countToText } from "../render/units.ts";
import { kerasTableColumns } from "./kerasTable.ts";
import { allColumns, kerasColumns, type SummaryColumn } from "./summaryColumns.ts";
import { summaryHtml } from "./summaryHtml.ts";
import { createView, type View } from "./view.ts";

/** How {@link summary} shows a model. */
export interface SummaryOptions {
  /** Also show the layers inside of nested models. Default false. */
  expandNested?: boolean;
  /** Also say in the text whether a layer is trainable, as Keras' `show_trainable`. Default false. */
  showTrainable?: boolean;
  /** The width of the text in characters; names that do not fit end in "…", as Keras' do. Default 76, as in a notebook of Keras. */
  lineLength?: number;
  /** Whether the text has all columns of the table, as wide as they have to be, instead of those of Keras. Default false. */
  details?: boolean;
}

/** Keras gives no column less than this. */
const leastLineLength = 40;

/**
 * Lists the layers of a model. The text is what the `summary()` of Keras 3 prints: output shapes and numbers of parameters, and,
 * where layers branch or are used twice, what is connected to what. The table has more, and so has the text with `details`: the
 * share of the parameters, multiplications with additions (MACs) and memory of the outputs for one sample, how much of the input a
 * unit sees (its receptive field, in pixels) and how far apart two units look (stride).
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [784], units: 10 })] });
 * const view = summary(model);
 * console.log(view.text);
 * view.data.total.count; // 7850
 * view.data.macs; // 7840
 * ```
 *
 * Biases, activations, poolings and normalizations are no MACs, as is usual. Where lengths are not known, "?" stands for what
 * depends on them.
 *
 * @param model a Sequential or functional model; layers without weights yet are marked "unbuilt"
 * @param options see {@link SummaryOptions}; all have defaults
 * @throws InputError for what is no model of layers, or a line that is too short
 */
export function summary(
  model: Model,
  { expandNested = false, showTrainable = false, lineLength = 76, details = false }: SummaryOptions = {},
): View<ModelSummary> {
  if (!Array.isArray((model as Partial<Model> | undefined)?.layers)) {
    throw new InputError({ who: "summary", expected: "a model of layers", found: typeof model });
  }
  if (!(lineLength >= leastLineLength)) {
    const expected = `lineLength of at least ${String(leastLineLength)}`;
    throw new InputError({ who: "summary", expected, found: String(lineLength) });
  }
  const data = summarizeModel(model, { expandNested });
  const all = allColumns(data);
  const plain = kerasColumns(data, showTrainable);
  const headers = plain.map(({ header }) => header);
  const detailed = (): string => toText(data, all, fitting(data, all), [...footer(data), ...costs(data)]);
  return createView({
    data,
    text: details
      ? detailed()
      : toText(
          data,
          plain,
          kerasTableColumns(headers, Math.floor(lineLength), data.sequential),
          footer(data),
        ),
    alt: `Summary of model ${data.name}: ${String(data.layers.length)} layers, ${data.total.count.toLocaleString("en-US")} parameters`,
    html: () => summaryHtml(data, all, [...footer(data), ...costs(data)]),
    png: () => textToPng(detailed()),
  });
}

function toText(
  data: ModelSummary,
  columns: readonly SummaryColumn[],
  widths: readonly Column[],
  lines: readonly string[],
): string {
  const rows = data.layers.map((layer) => columns.map(({ cell }) => cell(layer)));
  return [`Model: "${data.name}"`, textTable(widths, rows), ...lines.map((line) => ` ${line}`)].join("\n");
}

/** Columns as wide as what is in them. */
function fitting({ layers }: ModelSummary, columns: readonly SummaryColumn[]): Column[] {
  return columns.map(({ header, align, cell }) => ({
    header,
    align,
    width: Math.max(header.length, ...layers.map((layer) => cell(layer).length)),
  }));
}

function footer({ total, trainable, nonTrainable }: ModelSummary): string[] {
  return [
    `Total params: ${parametersToText(total)}`,
    `Trainable params: ${parametersToText(trainable)}`,
    `Non-trainable params: ${parametersToText(nonTrainable)}`,
  ];
}

function costs({ macs, activationBytes }: ModelSummary): string[] {
  return [
    `MACs of one sample: ${macs === undefined ? "unknown" : countToText(macs)}`,
    `Memory of the outputs of one sample: ${activationBytes === undefined ? "unknown" : bytesToText(activationBytes)}`,
  ];
}

const parametersToText = ({ count, bytes }: ParameterCount): string =>
  `${count.toLocaleString("en-US")} (${bytesToText(bytes)})`;
