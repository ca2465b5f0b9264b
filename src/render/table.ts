/** One column of a table. */
export interface Column {
  header: string;
  align?: "left" | "right" | "center";
  /** How many characters of text fit into it; what is longer is broken between words. */
  width: number;
}

/**
 * A table of box characters: heavy around the header, a line between rows. Words that do not fit into a column end in "…", as
 * in the tables of Keras.
 */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const rule = (left: string, fill: string, between: string, right: string): string =>
    left + columns.map(({ width }) => fill.repeat(width + 2)).join(between) + right;
  const body = rows.map((row) => tableRow(columns, row, "│"));
  return [
    rule("┏", "━", "┳", "┓"),
    tableRow(
      columns,
      columns.map(({ header }) => header),
      "┃",
    ),
    rule("┡", "━", "╇", "┩"),
    body.join(`\n${rule("├", "─", "┼", "┤")}\n`),
    rule("└", "─", "┴", "┘"),
  ].join("\n");
}

function tableRow(columns: readonly Column[], cells: readonly string[], border: string): string {
  const wrapped = cells.map((cell, i) => wrapWords(cell, columns[i]!.width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map(({ width, align }, i) => {
      const text = wrapped[i]![line] ?? "";
      const before = align === "center" ? text.length + ((width - text.length) >> 1) : width;
      return (align === "right" || align === "center" ? text.padStart(before) : text).padEnd(width);
    });
    return `${border} ${parts.join(` ${border} `)} ${border}`;
  }).join("\n");
}

/** Breaks a text between words; a word longer than a line is cut. Spaces at the start stay. */
function wrapWords(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  for (const word of text.match(/\s*\S+/g) ?? [""]) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length <= width) lines[lines.length - 1] = last + word;
    else lines.push(last === undefined ? word : word.trimStart());
  }
  return lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
}

/** Rows of cells with the columns lined up, two spaces apart, and nothing around. */
export function textColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
