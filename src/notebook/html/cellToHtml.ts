import type { Cell, CellMetadata, CodeCell } from "../nbformat.ts";
import { duration } from "../duration.ts";
import { escapeHtml } from "../../escapeHtml.ts";
import { highlight } from "./highlight.ts";
import { markdownToHtml } from "./markdownToHtml.ts";
import { outputToHtml } from "./outputToHtml.ts";

export interface CellOptions {
  /** The language of code cells, by highlight.js' name. */
  language: string;
  /** Where relative paths of pictures start. */
  directory: string;
}

/** One cell of a notebook as a section of a page. */
export async function cellToHtml(cell: Cell, { language, directory }: CellOptions): Promise<string> {
  switch (cell.cell_type) {
    case "markdown": {
      const html = await markdownToHtml(cell.source, { directory, attachments: cell.attachments ?? {} });
      return section(cell, "markdown", `<div class="prose">${html}</div>`);
    }
    case "code":
      return codeCell(cell, language);
    case "raw":
      return section(cell, "raw", `<pre class="raw">${escapeHtml(cell.source)}</pre>`);
  }
}

async function codeCell(cell: CodeCell, language: string): Promise<string> {
  if (cell.source.trim() === "" && cell.outputs.length === 0) return "";
  const code = `<pre class="code"><code>${highlight(cell.source, language)}</code></pre>`;
  const outputs = (await Promise.all(cell.outputs.map(outputToHtml))).join("\n");
  const { source_hidden: noSource, outputs_hidden: noOutputs } = (cell.metadata.jupyter ?? {}) as Record<
    string,
    unknown
  >;
  const body = [
    foldedIf(noSource === true, "code", code),
    outputs === "" ? "" : foldedIf(noOutputs === true, "output", `<div class="outputs">${outputs}</div>`),
  ];
  return section(cell, "code-cell", body.join("\n"), prompt(cell));
}

function section({ id }: Cell, kind: string, body: string, margin = ""): string {
  return `<section class="cell ${kind}" id="cell-${escapeHtml(id)}"><div class="margin">${margin}</div><div class="body">\n${body}\n</div></section>`;
}

function foldedIf(hidden: boolean, name: string, html: string): string {
  return hidden ? `<details><summary>${name}</summary>\n${html}\n</details>` : html;
}

function prompt({ execution_count: count, metadata }: CodeCell): string {
  const seconds = secondsOf(metadata);
  const time = seconds === undefined || seconds < 0.1 ? "" : `<span class="time">${duration(seconds)}</span>`;
  return `<span class="prompt">[${count ?? " "}]</span>${time}`;
}

/** How long a cell ran, by the times that Jupyter's front ends record. */
export function secondsOf({ execution }: CellMetadata): number | undefined {
  const begun = Date.parse(execution?.["iopub.execute_input"] ?? execution?.["iopub.status.busy"] ?? "");
  const ended = Date.parse(execution?.["shell.execute_reply"] ?? execution?.["iopub.status.idle"] ?? "");
  return Number.isNaN(ended - begun) ? undefined : (ended - begun) / 1000;
}
