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
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  // The parser keeps its errors in a property that the type does not show.
  const [error] = (file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] }).parseDiagnostics;
  const last = file.statements.at(-1);
  const isOpen = error ? isUnfinished(error, text) : last?.end === text.length && lacksItsEnd(last);
  if (isOpen) return { status: "incomplete", indent: nextIndent(text) };
  return { status: error ? "invalid" : "complete" };
}

/** What the parser lets pass and cannot run: `const`, `let a,`, `const a` and a function without its body. */
function lacksItsEnd(statement: ts.Statement): boolean {
  if (ts.canHaveModifiers(statement) && statement.modifiers?.some(isDeclare)) return false;
  if (ts.isFunctionDeclaration(statement)) return statement.body === undefined;
  if (!ts.isVariableStatement(statement)) return false;
  const { declarations, flags } = statement.declarationList;
  const last = declarations.at(-1);
  if (last === undefined || declarations.hasTrailingComma) return true;
  return Boolean(flags & ts.NodeFlags.Const) && last.initializer === undefined;
}

function isDeclare({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.DeclareKeyword;
}

const unterminatedString = 1002;
const unterminatedRegex = 1161;

function isUnfinished({ code, start }: ts.DiagnosticWithLocation, text: string): boolean {
  // These two end with their line, so nothing that follows mends them; templates and comments go on.
  if (code === unterminatedString || code === unterminatedRegex) return false;
  return start >= text.length || /^(import|export)$/.test(text.slice(start));
}

function nextIndent(text: string): string {
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  const indent = /^\s*/.exec(lastLine)![0];
  return /[{([]$|=>$/.test(lastLine) ? indent + level : indent;
}
