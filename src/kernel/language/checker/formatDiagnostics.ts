import { codeFrame } from "../codeFrame.ts";
import { positionOf } from "../sourceMap.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Where the diagnostics are. */
export interface DiagnosedCell {
  code: string;
  /** What the cell is called, as `Cell [3]`. */
  name: string;
  /** How many are shown; the others are counted. Default 10. */
  most?: number;
}

/**
 * A note for a cell, in plain text; empty when there is nothing to say.
 *
 * ```text
 * TS2322 Cell [3]:2:5 Type 'string' is not assignable to type 'number'.
 * > 2 | let n: number = "a";
 *     |     ^
 * ```
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  { code, name, most = 10 }: DiagnosedCell,
): string {
  const lines = diagnostics.slice(0, most).flatMap(({ code: number, message, start }) => {
    const position = positionOf(code, start);
    const place = `${name}:${position.line}:${position.column + 1}`;
    return [
      `TS${number} ${place} ${message.replaceAll("\n", "\n  ")}`,
      ...codeFrame(code, position, { context: 0 }),
    ];
  });
  const more = diagnostics.length - most;
  if (more > 0) lines.push(`and ${more} more`);
  return lines.join("\n");
}
