import ts from "typescript";

import type { Completion, CompletionMatch } from "../../core/interpreter.ts";
import { describeEntry } from "./completionTypes.ts";
import { ownModuleNames } from "./moduleResolution.ts";
import { isDotted, nodesAt } from "./nodesAt.ts";

/** A completion by types, and what else could be asked. */
export interface TypedCompletion extends Completion {
  /** The expression whose members are wanted and not known by its type: its value may know them. */
  receiver?: string;
}

export interface CompletionPlace {
  service: ts.LanguageService;
  file: string;
  /** Where the cursor is in the file. */
  position: number;
  /** How far the file's offsets are ahead of the cell's. */
  offset: number;
}

/** How many names are given with their type in any case. */
const alwaysTyped = 20;

/** How long types are looked up for after these, in milliseconds; a package may have thousands of names. */
const patience = 25;

/** What begins with the word before the cursor, exactly so. */
export function completeAt(place: CompletionPlace): TypedCompletion {
  const { service, file, position, offset } = place;
  const program = service.getProgram()!;
  const source = program.getSourceFile(file)!;
  const checker = program.getTypeChecker();
  const found = service.getCompletionsAtPosition(file, position, {
    includeSymbol: true,
    includeCompletionsWithInsertText: true,
  });
  const wordStart = position - wordBefore(source.text, position).length;
  const start = startOf(found, position) ?? wordStart;
  const typed = source.text.slice(start, position);

  const deadline = performance.now() + patience;
  const entries = (found?.entries ?? []).filter((entry) => !isInsertion(entry));
  const matches = entries
    .filter(({ name }) => name.startsWith(typed))
    .map((entry, index) =>
      describeEntry(entry, checker, { typed: index < alwaysTyped || performance.now() < deadline }),
    );
  if (isPackageName(source, position)) addOwnModules(matches, typed);
  const receiver = entries.length === 0 ? receiverAt(source, wordStart) : undefined;
  return {
    start: start - offset,
    end: position - offset,
    matches,
    ...(receiver !== undefined && { receiver }),
  };
}

/** The part of an identifier before an offset. */
export function wordBefore(text: string, offset: number): string {
  return /[\p{ID_Continue}$#\u200c\u200d]*$/u.exec(text.slice(0, offset))![0];
}

/** Where the text begins that an entry replaces, where it is more or less than a word: in strings and paths. */
function startOf(found: ts.CompletionInfo | undefined, position: number): number | undefined {
  const plain = found?.entries.find(({ replacementSpan, insertText }) => replacementSpan && !insertText);
  const start = (plain?.replacementSpan ?? found?.optionalReplacementSpan)?.start;
  return start !== undefined && start <= position ? start : undefined;
}

/** What would be written otherwise than it is named: `["a b"]` for a property, `this.x` for `x`. `?.` comes with the dot. */
function isInsertion({ insertText, name }: ts.CompletionEntry): boolean {
  return insertText !== undefined && insertText !== name && insertText !== `?.${name}`;
}

/** The dotted expression before the dot, or the bracket and the quote, before the word; undefined when there is none. */
function receiverAt(source: ts.SourceFile, wordStart: number): string | undefined {
  const access = nodesAt(source, wordStart)
    .filter((node) => ts.isPropertyAccessExpression(node) || isAccessByText(node))
    .findLast(
      ({ expression, end }) => expression.end < wordStart && end >= wordStart && isDotted(expression),
    );
  return access?.expression.getText(source);
}

/** `a["b"]`, also while it is written. */
function isAccessByText(node: ts.Node): node is ts.ElementAccessExpression {
  return ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression);
}

/** Whether the cursor is in a string that an `import`, an `export` or an `import()` names, and behind no stroke of a path. */
function isPackageName(source: ts.SourceFile, position: number): boolean {
  const string = nodesAt(source, position)
    .filter(ts.isStringLiteralLike)
    .findLast(({ pos }) => pos < position);
  if (string === undefined || source.text.slice(string.getStart(source), position).includes("/"))
    return false;
  const { parent } = string;
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword)
  );
}

/** What every notebook can import, whatever is installed beside it. */
function addOwnModules(matches: CompletionMatch[], typed: string): void {
  for (const name of ownModuleNames) {
    if (!name.startsWith(typed) || matches.some(({ text }) => text === name)) continue;
    matches.push({ text: name, type: "module", signature: "" });
  }
}
