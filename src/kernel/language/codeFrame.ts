import type { Position } from "./sourceMap.ts";

/**
 * A few lines of a text around a place, with a caret under it: `context` of them before and after, two by default.
 *
 * ```text
 *   1 | const a = 1;
 * > 2 | const b = a.b.c;
 *     |             ^
 * ```
 */
export function codeFrame(source: string, { line, column }: Position, { context = 2 } = {}): string[] {
  const lines = source.split("\n");
  const first = Math.max(1, line - context);
  let last = Math.min(lines.length, line + context);
  while (last > line && lines[last - 1]!.trim() === "") last--;
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1] ?? "";
    frame.push(`${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text}`.trimEnd());
    // Tabs stay tabs, so that the caret lands under its character whatever their width.
    if (number === line)
      frame.push(`  ${" ".repeat(width)} | ${text.slice(0, column).replace(/[^\t]/g, " ")}^`);
  }
  return frame;
}
