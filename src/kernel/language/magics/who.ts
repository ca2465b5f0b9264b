import { currentHost } from "../../../jupyter/host.ts";
import { variablesOf } from "../describeLive.ts";
import type { Magic } from "./magic.ts";

/** A value in the table has so many characters at most. */
const maxText = 60;

/** Shows the names of the session in a table. */
export const who: Magic = {
  usage: "%who",
  help: "the names of the session, with their types and values",
  async run({ scope }) {
    const rows = variablesOf(scope).map(({ name, type, text }) => [
      name,
      type,
      text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text,
    ]);
    if (rows.length === 0) return void process.stdout.write("no names yet\n");
    const table = [["name", "type", "value"], ...rows];
    await currentHost().display({
      data: { "text/plain": textTable(table), "text/markdown": markdownTable(table) },
      metadata: {},
    });
  },
};

function textTable(table: string[][]): string {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function markdownTable([head, ...rows]: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  const code = (text: string): string => (text === "" ? "" : `\`${text.replace(/[`|]/g, "\\$&")}\``);
  return [line(head!), line(head!.map(() => "---")), ...rows.map((row) => line(row.map(code)))].join("\n");
}
