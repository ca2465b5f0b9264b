import { escapeHtml } from "../escapeHtml.ts";
import type { ModelSummary } from "../inspect/modelSummary.ts";
import { percent, shareOf, type SummaryColumn } from "./summaryColumns.ts";

const line = "border-bottom:1px solid rgba(128,128,128,0.25)";

/**
 * A summary as a table that the sanitizers of front ends leave as it is: no colour of text, tints with transparency, bars of
 * plain boxes.
 */
export function summaryHtml(
  data: ModelSummary,
  columns: readonly SummaryColumn[],
  footer: readonly string[],
): string {
  const head = columns.map(({ header, align, meaning }) => {
    const title = meaning === undefined ? "" : ` title="${escapeHtml(meaning)}"`;
    return `<th style="text-align:${align};padding:3px 10px;white-space:nowrap"${title}>${escapeHtml(header)}</th>`;
  });
  const styles = columns.map(
    ({ align, holdsNames }) =>
      `text-align:${align};padding:2px 10px${holdsNames === true ? "" : ";white-space:nowrap"}`,
  );
  const rows = data.layers.map((layer) => {
    const cells = columns.map(({ header, cell, holdsNames }, i) => {
      const text = escapeHtml(cell(layer));
      const content =
        header === "Share" ? bar(shareOf(layer, data)) : holdsNames === true ? breakable(text) : text;
      return `<td style="${styles[i]!}">${content}</td>`;
    });
    const isFrozen = layer.hasWeights && !layer.trainable;
    return `<tr style="${line}${isFrozen ? ";background:rgba(80,140,220,0.1)" : ""}">${cells.join("")}</tr>`;
  });
  return [
    '<table style="border-collapse:collapse">',
    `<caption style="text-align:left;padding:3px 10px;font-weight:bold;white-space:nowrap">Model: ${escapeHtml(data.name)}</caption>`,
    `<thead><tr style="border-bottom:2px solid rgba(128,128,128,0.6)">${head.join("")}</tr></thead>`,
    `<tbody>${rows.join("\n")}</tbody>`,
    "</table>",
    '<div style="padding:6px 10px">',
    ...footer.map((text) => `<div>${escapeHtml(text)}</div>`),
    "</div>",
  ].join("\n");
}

/** Names may go on in the next line behind each joint: long ones would push the columns off the page. Indents stay. */
const breakable = (html: string): string =>
  html.replace(/^ +/, (indent) => "&nbsp;".repeat(indent.length)).replace(/[_/]+(?=[^_/ ])/g, "$&<wbr>");

/** The share of the parameters as a bar beside its number. */
function bar(share: number): string {
  if (share === 0) return "";
  const width = Math.max(1, Math.round(80 * share));
  const box = `display:inline-block;height:10px;width:${String(width)}px;background:rgba(61,133,198,0.75)`;
  return `<div style="${box}"></div> ${percent(share)}`;
}
