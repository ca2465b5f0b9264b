import ts from "typescript";

import type { Diagnostic } from "./diagnostic.ts";

/**
 * What TypeScript says and is wrong in a notebook, with the reason why. What is merely unused is not in this table: it is
 * left out as a whole. What modules must not do is prevented by the options, see compilerOptions.ts.
 */
const wrongInNotebooks: Readonly<Record<number, string>> = {
  1202: "`import fs = require(…)` runs in cells, whatever their modules compile to",
  2695: "`a, b` at the end of a cell shows b; the a that has no effect does no harm",
};

/** The part of a module that is the cell's own text. */
export interface CellSpan {
  offset: number;
  length: number;
}

/** The diagnostics of a module that concern the cell in it, by the cell's own offsets. */
export function diagnosticsOfCell(
  found: readonly ts.Diagnostic[],
  { offset, length }: CellSpan,
): Diagnostic[] {
  return found.flatMap((diagnostic) => {
    const { code, category, messageText } = diagnostic;
    const start = (diagnostic.start ?? -1) - offset;
    // What is said of our own lines around the cell is not for its author.
    if (start < 0 || start > length) return [];
    // Something unused may be used by the next cell.
    if (diagnostic.reportsUnnecessary || code in wrongInNotebooks) return [];
    return [
      {
        code,
        category: categories[category],
        message: ts.flattenDiagnosticMessageText(messageText, "\n"),
        start,
        length: Math.min(diagnostic.length ?? 0, length - start),
      },
    ];
  });
}

const categories = {
  [ts.DiagnosticCategory.Error]: "error",
  [ts.DiagnosticCategory.Warning]: "warning",
  [ts.DiagnosticCategory.Suggestion]: "suggestion",
  [ts.DiagnosticCategory.Message]: "message",
} as const;
