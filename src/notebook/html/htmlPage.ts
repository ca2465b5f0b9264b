import { duration } from "../duration.ts";
import type { Cell, Notebook } from "../nbformat.ts";
import { cellToHtml, secondsOf } from "./cellToHtml.ts";
import { escapeHtml } from "../../escapeHtml.ts";
import { style } from "./style.ts";

export interface PageOptions {
  /** What the page is called if the notebook has no heading. Default: "Notebook". */
  title?: string;
  /** The directory of the notebook, where relative paths of pictures start. Default: the working directory. */
  directory?: string;
}

/**
 * No script runs and nothing is fetched, whatever a notebook contains: pictures and styles are in the page, and the browser
 * is told to refuse the rest.
 */
const policy =
  "default-src 'none'; img-src data:; media-src data:; font-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

/**
 * A notebook as one HTML file that needs nothing else: no network, no scripts, no fonts. It follows the reader's choice of
 * light or dark. Scripts in Markdown and in outputs are left out; of each output the richest representation that works
 * without them is shown.
 *
 * ```ts
 * await writeFile("out/03-shapes.html", await htmlPage(await readNotebook("out/03-shapes.ipynb"), { title: "03-shapes" }));
 * ```
 */
export async function htmlPage(
  notebook: Notebook,
  { title = "Notebook", directory = "." }: PageOptions = {},
): Promise<string> {
  const language =
    notebook.metadata.language_info?.name ?? notebook.metadata.kernelspec?.language ?? "typescript";
  const options = { language: language.toLowerCase(), directory };
  const cells = await Promise.all(notebook.cells.map((cell) => cellToHtml(cell, options)));
  const heading = firstHeading(notebook.cells);
  const header =
    heading === undefined
      ? `<header class="cell"><div class="margin"></div><h1>${escapeHtml(title)}</h1></header>\n`
      : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Convoscope">
<title>${escapeHtml(heading ?? title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${header}${cells.filter((cell) => cell !== "").join("\n")}
${footer(notebook)}</main>
</body>
</html>
`;
}

/** The text of the first heading of the first rank, without its marks. */
function firstHeading(cells: Cell[]): string | undefined {
  for (const { cell_type: type, source } of cells) {
    const match = type === "markdown" ? /^#\s+(.+?)\s*#*$/m.exec(source) : null;
    if (match?.[1] !== undefined) return match[1].replace(/[*_`]/g, "");
  }
  return undefined;
}

/** When it ran, for how long, and in which kernel. */
function footer({ cells, metadata }: Notebook): string {
  const times = cells.flatMap((cell) => secondsOf(cell.metadata) ?? []);
  const starts = cells.flatMap((cell) => cell.metadata.execution?.["iopub.execute_input"] ?? []).sort();
  const [start] = starts;
  if (start === undefined) return "";
  const seconds = times.reduce((sum, time) => sum + time, 0);
  const day = new Date(start).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  const kernel =
    metadata.kernelspec === undefined ? "" : ` in ${escapeHtml(metadata.kernelspec.display_name)}`;
  const ran = `${times.length} ${times.length === 1 ? "cell" : "cells"} ran${kernel} for ${duration(seconds)}`;
  return `<footer>${ran} on <time datetime="${escapeHtml(start)}">${day}</time></footer>\n`;
}
