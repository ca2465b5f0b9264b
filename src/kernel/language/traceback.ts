import { readFileSync } from "node:fs";
import { inspect, types } from "node:util";

import type { Failure } from "../core/interpreter.ts";
import type { ImportFailure } from "./bindImports.ts";
import type { CellError } from "./cellError.ts";
import type { CellRegistry } from "./cellRegistry.ts";
import { codeFrame } from "./codeFrame.ts";
import { propertiesOf } from "./errorProperties.ts";
import { positionOf } from "./sourceMap.ts";
import { isHiddenFrame } from "./stackTrace.ts";

/** Errors shown at most: causes, and what an AggregateError holds. */
const maxErrors = 10;

/** Messages are cut here, in UTF-16 units. */
const maxMessage = 10_000;

/** What a thrown value says of itself in a notebook. */
export function describeFailure(thrown: unknown, cells: CellRegistry): Failure {
  const { ename, evalue } = nameAndMessage(thrown);
  return { status: "error", ename, evalue, traceback: tracebackOf(thrown, cells) };
}

/** What a cell that did not even start says of itself. */
export function describeCellError(error: CellError, cell: CellText): Failure {
  const traceback = [`${error.name}: ${error.message}`, ...placeIn(cell, error.offset)];
  if (error.hint !== undefined) traceback.push("", error.hint);
  return { status: "error", ename: error.name, evalue: error.message, traceback, unstarted: true };
}

/** What a cell says of an import that failed: the error, its place in the module if it has one, and the import itself. */
export function describeImportFailure(
  { cause, offset }: ImportFailure,
  cells: CellRegistry,
  cell: CellText,
): Failure {
  const { ename, evalue } = nameAndMessage(cause);
  return {
    status: "error",
    ename,
    evalue,
    traceback: [...tracebackOf(cause, cells), ...placeIn(cell, offset)],
  };
}

interface CellText {
  name: string;
  source: string;
}

function placeIn({ name, source }: CellText, offset: number): string[] {
  const position = positionOf(source, offset);
  return [`    at ${name}:${position.line}:${position.column + 1}`, "", ...codeFrame(source, position)];
}

/** The lines of a traceback: the error with its place in the cell, its frames, then in the same way what it is made of. */
export function tracebackOf(thrown: unknown, cells: CellRegistry): string[] {
  return describe(thrown, cells, { seen: new Set(), left: maxErrors });
}

/** What has been described, as chains may bite their tail, and how much more may be. */
interface Budget {
  seen: Set<unknown>;
  left: number;
}

function describe(error: unknown, cells: CellRegistry, budget: Budget): string[] {
  if (!isErrorLike(error)) return [`Uncaught ${show(error, 2)}`];
  if (budget.seen.has(error)) return [`${headlineOf(error)} (shown above)`];
  if (budget.left === 0) return ["…"];
  budget.seen.add(error);
  budget.left--;
  const frames = framesOf(error);
  const lines = [
    ...headlineOf(error).split("\n"),
    ...frames,
    ...frameAt(frames, cells),
    ...propertiesOf(error),
  ];
  for (const [label, inner] of partsOf(error)) {
    if (budget.left === 0) return lines;
    lines.push("", label, ...describe(inner, cells, budget));
  }
  return lines;
}

/** The errors behind an error, with what to call them. */
function partsOf(error: Error): [label: string, error: unknown][] {
  const parts: [string, unknown][] = [];
  const errors = read(error, "errors");
  if (Array.isArray(errors)) errors.forEach((each, index) => parts.push([`[errors][${index}]:`, each]));
  if (read(error, "name") === "SuppressedError") {
    parts.push(["[error]:", read(error, "error")], ["[suppressed]:", read(error, "suppressed")]);
  }
  const cause = read(error, "cause");
  if (cause !== undefined) parts.push(["Caused by:", cause]);
  return parts;
}

/** The frames of an error that lie in the user's code or in that of packages. */
function framesOf(error: Error): string[] {
  const stack = read(error, "stack");
  if (typeof stack !== "string") return [];
  // Lines of the message may look like frames.
  const message = read(error, "message");
  const start = typeof message === "string" && message !== "" ? stack.indexOf(message) : -1;
  const behind = start < 0 ? stack : stack.slice(start + (message as string).length);
  return collapse(behind.split("\n").filter((line) => /^\s+at /.test(line) && !isHiddenFrame(line)));
}

/** A recursion that went too deep need not be shown step by step. */
function collapse(frames: string[]): string[] {
  const collapsed: string[] = [];
  for (let at = 0; at < frames.length;) {
    let end = at;
    while (frames[end] === frames[at]) end++;
    const count = end - at;
    collapsed.push(
      ...(count > 3 ? [frames[at]!, `    … ${count - 1} more like this`] : frames.slice(at, end)),
    );
    at = end;
  }
  return collapsed;
}

/** The code around the topmost frame that lies in a cell, or in a module beside the notebook. */
function frameAt(frames: string[], cells: CellRegistry): string[] {
  for (const frame of frames) {
    const match = /(?:^\s+at (?:async )?|\()(Cell \[[^\]]*\]|\/[^()]+|[A-Z]:\\[^()]+):(\d+):(\d+)\)?$/.exec(
      frame,
    );
    const source = match && sourceOf(match[1]!, cells);
    if (source !== null && source !== undefined)
      return ["", ...codeFrame(source, { line: Number(match![2]), column: Number(match![3]) - 1 })];
  }
  return [];
}

function sourceOf(place: string, cells: CellRegistry): string | undefined {
  if (place.startsWith("Cell ")) return cells.named(place)?.source;
  if (place.includes("node_modules")) return undefined;
  try {
    return readFileSync(place, "utf8");
  } catch {
    return undefined;
  }
}

function headlineOf(error: Error): string {
  const { ename, evalue } = nameAndMessage(error);
  return evalue === "" ? ename : `${ename}: ${evalue}`;
}

function nameAndMessage(thrown: unknown): { ename: string; evalue: string } {
  if (!isErrorLike(thrown)) return { ename: "Uncaught", evalue: show(thrown, 0) };
  const name = read(thrown, "name");
  const message = read(thrown, "message");
  return {
    // A class that extends Error and sets no name is better known by its own.
    ename: typeof name === "string" && name !== "Error" && name !== "" ? name : classOf(thrown),
    evalue: cut(typeof message === "string" ? message : show(message, 0)),
  };
}

function classOf(error: Error): string {
  const constructor = read(error, "constructor");
  const name = typeof constructor === "function" ? read(constructor, "name") : undefined;
  return typeof name === "string" && name !== "" ? name : "Error";
}

/** A property, whatever its getter or a proxy does; undefined when that throws. */
function read(value: object, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** A thrown value that is no error, as text, whatever its own methods do. */
function show(value: unknown, depth: number): string {
  try {
    return cut(inspect(value, { depth, maxStringLength: maxMessage }));
  } catch {
    return cut(inspect(value, { depth, customInspect: false }));
  }
}

function cut(text: string): string {
  if (text.length <= maxMessage) return text;
  return `${text.slice(0, maxMessage)}… (${text.length.toLocaleString("en")} characters, cut here)`;
}

/** Errors of other realms are errors too; a proxy's traps may forbid to ask. */
function isErrorLike(value: unknown): value is Error {
  if (types.isNativeError(value)) return true;
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
  } catch {
    return false;
  }
}
