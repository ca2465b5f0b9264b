import { escapeHtml } from "./escapeHtml.ts";

/** One column of an HTML table. */
export interface HtmlColumn {
  header: string;
  /** Default `"left"`. */
  align?: "left" | "right";
}

/**
 * A table as HTML that the sanitizers of front ends leave as it is. It sets no colour of text and tints with transparency, so that
 * it is right on light and dark pages. The cells hold text, not HTML.
 */
export function htmlTable(
  columns: readonly HtmlColumn[],
  rows: readonly (readonly string[])[],
  caption: string,
): string {
  const style = (align = "left"): string => `text-align:${align};padding:4px 12px;white-space:nowrap`;
  const head = columns.map(({ header, align }) => `<th style="${style(align)}">${escapeHtml(header)}</th>`);
  const body = rows.map((row, index) => {
    const cells = row.map((cell, i) => `<td style="${style(columns[i]!.align)}">${escapeHtml(cell)}</td>`);
    const tint = index % 2 === 1 ? ' style="background:rgba(128,128,128,0.09)"' : "";
    return `<tr${tint}>${cells.join("")}</tr>`;
  });
  return [
    '<table style="border-collapse:collapse">',
    `<caption style="text-align:left;padding:4px 12px;font-weight:bold;white-space:nowrap">${escapeHtml(caption)}</caption>`,
    `<thead><tr style="border-bottom:2px solid rgba(128,128,128,0.6)">${head.join("")}</tr></thead>`,
    `<tbody>${body.join("\n")}</tbody>`,
    "</table>",
  ].join("\n");
}
