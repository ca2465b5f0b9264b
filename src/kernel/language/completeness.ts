import ts from "typescript";

import type { Completeness } from "../core/interpreter.ts";
import { parseCell, takesExpression } from "./magics/parseCell.ts";

/** The indent of one level, in spaces. */
const level = "  ";

/**
 * Whether a front end should run these lines or wait for more, as TypeScript's own parser sees it: an error at the very end
 * may be mended by what follows, an error before it may not.
 */
export function completeness(code: string): Completeness {
  const { typescript, isObject, magics } = parseCell(code);
  if (isObject) return { status: "complete" };
  // The expression of a magic may go on in the next line, too.
  const open = magics.find(({ expression, name }) => takesExpression(name) && !expression);
  return open?.argument
    ? ofTypeScript(code.slice(code.indexOf(open.argument, open.start)))
    : ofTypeScript(typescript);
}

function ofTypeScript(code: string): Completeness {
  const text = code.trimEnd();
  const [error] = syntaxErrors(code);
  if (error === undefined) return { status: "complete" };
  if (isUnfinished(error, text)) return { status: "incomplete", indent: nextIndent(text) };
  return { status: "invalid" };
}

function syntaxErrors(code: string): readonly ts.DiagnosticWithLocation[] {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  // The parser keeps its errors in a property that the type does not show.
  return (file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] }).parseDiagnostics;
}

const unterminatedString = 1002;
const unterminatedRegex = 1161;

function isUnfinished({ code, start }: ts.DiagnosticWithLocation, text: string): boolean {
  // These two end with their line, so nothing that follows mends them; templates and comments go on.
  if (code === unterminatedString || code === unterminatedRegex) return false;
  return start >= text.length;
}

function nextIndent(text: string): string {
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  const indent = /^\s*/.exec(lastLine)![0];
  return /[{([]$|=>$/.test(lastLine) ? indent + level : indent;
}
