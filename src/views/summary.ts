import { escapeHtml } from "../escapeHtml.ts";
import { htmlTable } from "../htmlTable.ts";
import {
  summarizeModel,
  type LayerSummary,
  type ModelSummary,
  type ParameterCount,
} from "../inspect/modelSummary.ts";
import type { Model } from "../inspect/tensors.ts";
import { textTable, type Column } from "../render/table.ts";
import { textToPng } from "../render/textPicture.ts";
import { createView, type View } from "./view.ts";

/** How {@link summary} shows a model. */
export interface SummaryOptions {
  /** Also show the layers inside of nested models. Default false. */
  expandNested?: boolean;
}

const lineColumns: Column[] = [
  { header: "Layer (type)", width: 31 },
  { header: "Output Shape", width: 22 },
  { header: "Param #", width: 13, align: "right" },
];

const graphColumns: Column[] = [
  { header: "Layer (type)", width: 19 },
  { header: "Output Shape", width: 17 },
  { header: "Param #", width: 10, align: "right" },
  { header: "Connected to", width: 17 },
];

/**
 * Lists the layers of a model with output shapes and numbers of parameters, as the `summary()` of Keras 3 does: the text is the
 * very same. Where layers branch or are used twice, a column says what is connected to what.
 *
 * ```ts
 * const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [784], units: 10 })] });
 * const view = summary(model);
 * console.log(view.text);
 * view.data.total.count; // 7850
 * ```
 *
 * @param model a Sequential or functional model; layers without weights yet are marked "unbuilt"
 * @param options `expandNested`: also the layers inside of nested models; default false
 */
export function summary(model: Model, { expandNested = false }: SummaryOptions = {}): View<ModelSummary> {
  const data = summarizeModel(model, { expandNested });
  const columns = data.sequential ? lineColumns : graphColumns;
  const text = [
    `Model: "${data.name}"`,
    textTable(
      columns,
      data.layers.map((layer) => rowOf(layer, data.sequential)),
    ),
    ...footer(data).map((line) => ` ${line}`),
  ].join("\n");
  return createView({
    data,
    text,
    alt: `Summary of model ${data.name}: ${String(data.layers.length)} layers, ${data.total.count.toLocaleString("en-US")} parameters`,
    html: toHtml(data, columns),
    png: () => textToPng(text),
  });
}

function rowOf(
  { name, className, depth, outputShapes, params, connectedTo }: LayerSummary,
  sequential: boolean,
): string[] {
  const prefix = depth === 0 ? "" : `${"   ".repeat(depth)}└ `;
  const cells = [
    `${prefix}${name} (${className})`,
    shapesToText(outputShapes),
    params === undefined ? "0 (unbuilt)" : params.toLocaleString("en-US"),
  ];
  return sequential ? cells : [...cells, connectedTo.join(", ") || "-"];
}

function shapesToText(shapes: readonly (number | null)[][]): string {
  const texts = shapes.map(
    (shape) => `(${shape.map((size) => size ?? "None").join(", ")}${shape.length === 1 ? "," : ""})`,
  );
  if (texts.length === 0) return "?";
  return texts.length === 1 ? texts[0]! : `[${texts.join(", ")}]`;
}

function footer({ total, trainable, nonTrainable }: ModelSummary): string[] {
  return [
    `Total params: ${countToText(total)}`,
    `Trainable params: ${countToText(trainable)}`,
    `Non-trainable params: ${countToText(nonTrainable)}`,
  ];
}

const countToText = ({ count, bytes }: ParameterCount): string =>
  `${count.toLocaleString("en-US")} (${bytesToText(bytes)})`;

function bytesToText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(2)} ${units[power]!}`;
}

function toHtml(data: ModelSummary, columns: readonly Column[]): string {
  const rows = data.layers.map((layer) => rowOf(layer, data.sequential));
  const lines = footer(data).map((line) => `<div>${escapeHtml(line)}</div>`);
  const table = htmlTable(columns, rows, `Model: ${data.name}`);
  return `${table}\n<div style="padding:6px 12px">\n${lines.join("\n")}\n</div>`;
}
