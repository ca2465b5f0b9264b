import type { Cell, Notebook, Output } from "./nbformat.ts";

/**
 * The text of an .ipynb file, nbformat 4.5, laid out as Jupyter itself saves it (one space of indentation, sorted keys,
 * texts as lists of lines), so that a notebook saved by either shows the same lines in a diff.
 */
export function formatNotebook(notebook: Notebook): string {
  const content = {
    cells: notebook.cells.map(splitCell),
    metadata: notebook.metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(sortKeys(content), undefined, 1)}\n`;
}

function splitCell(cell: Cell): unknown {
  const source = splitLines(cell.source);
  return cell.cell_type === "code"
    ? { ...cell, source, outputs: cell.outputs.map(splitOutput) }
    : { ...cell, source };
}

function splitOutput(output: Output): unknown {
  switch (output.output_type) {
    case "stream":
      return { ...output, text: splitLines(output.text) };
    case "error":
      return output;
    default:
      return { ...output, data: splitBundle(output.data) };
  }
}

function splitBundle(data: Record<string, unknown>): Record<string, unknown> {
  const split = Object.entries(data).map(([mime, content]) => {
    const isText = mime.startsWith("text/") || mime === "image/svg+xml" || mime === "application/javascript";
    return [mime, isText && typeof content === "string" ? splitLines(content) : content] as const;
  });
  return Object.fromEntries(split);
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
