import { inspect } from "node:util";

import type { Failure } from "../core/interpreter.ts";
import type { ImportFailure } from "./bindImports.ts";
import type { CellError } from "./cellError.ts";
import type { CellRegistry } from "./cellRegistry.ts";
import { codeFrame } from "./codeFrame.ts";
import { positionOf } from "./sourceMap.ts";
import { isHiddenFrame } from "./stackTrace.ts";

/** Causes shown below an error at most; a chain may bite its tail. */
const maxCauses = 8;

/** What a thrown value says of itself in a notebook. */
export function describeFailure(thrown: unknown, cells: CellRegistry): Failure {
  const { ename, evalue } = nameAndMessage(thrown);
  return { status: "error", ename, evalue, traceback: tracebackOf(thrown, cells) };
}

/** What a cell that did not even start says of itself. */
export function describeCellError(error: CellError, cell: CellText): Failure {
  const traceback = [`${error.name}: ${error.message}`, ...placeIn(cell, error.offset)];
  if (error.hint !== undefined) traceback.push("", error.hint);
  return { status: "error", ename: error.name, evalue: error.message, traceback };
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

/** The lines of a traceback: the error with its place in the cell, its frames, then its causes in the same way. */
export function tracebackOf(thrown: unknown, cells: CellRegistry): string[] {
  const lines: string[] = [];
  let error = thrown;
  for (let depth = 0; depth < maxCauses; depth++) {
    lines.push(...describeOne(error, cells));
    if (!(error instanceof Error) || error.cause === undefined) return lines;
    error = error.cause;
    lines.push("", "Caused by:");
  }
  return lines;
}

function describeOne(error: unknown, cells: CellRegistry): string[] {
  if (!isErrorLike(error)) return [`Uncaught ${inspect(error, { depth: 2 })}`];
  const { ename, evalue } = nameAndMessage(error);
  const stack = typeof error.stack === "string" ? error.stack : "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line) && !isHiddenFrame(line));
  const headline = evalue === "" ? ename : `${ename}: ${evalue}`;
  const inner =
    "errors" in error && Array.isArray(error.errors)
      ? error.errors.flatMap((each, index) => nested(each, index, cells))
      : [];
  return [...headline.split("\n"), ...frames, ...frameAt(frames, cells), ...inner];
}

/** The code around the topmost frame that lies in a cell. */
function frameAt(frames: string[], cells: CellRegistry): string[] {
  for (const frame of frames) {
    const match = /(Cell \[[^\]]*\]):(\d+):(\d+)\)?$/.exec(frame);
    const cell = match && cells.named(match[1]!);
    if (cell)
      return ["", ...codeFrame(cell.source, { line: Number(match[2]), column: Number(match[3]) - 1 })];
  }
  return [];
}

function nested(error: unknown, index: number, cells: CellRegistry): string[] {
  return ["", `[errors][${index}]:`, ...describeOne(error, cells)];
}

function nameAndMessage(thrown: unknown): { ename: string; evalue: string } {
  if (!isErrorLike(thrown)) return { ename: "Uncaught", evalue: inspect(thrown, { depth: 0 }) };
  const { name, message, constructor } = thrown;
  return {
    // A class that extends Error and sets no name is better known by its own.
    ename: typeof name === "string" && name !== "Error" && name !== "" ? name : constructor?.name || "Error",
    evalue: String(message),
  };
}

/** Errors of other realms are errors too. */
function isErrorLike(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
