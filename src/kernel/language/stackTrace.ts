import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { CellRegistry } from "./cellRegistry.ts";
import { placeInModule } from "./localModule.ts";
import { toSource } from "./sourceMap.ts";

/** Where the kernel's own code lies, and what it shares with the library; their frames mean nothing to a user. */
const kernelDirectory = dirname(dirname(fileURLToPath(import.meta.url)));
const ownDirectories = [kernelDirectory, join(dirname(kernelDirectory), "jupyter")];

/**
 * Makes `error.stack` name places in the cells as the user wrote them, `Cell [3]:7:12`, wherever it is read: in a traceback,
 * by `console.error`, by a library. Frames of the kernel and below are left out.
 */
export function installStackTrace(cells: CellRegistry): void {
  // Node's ten are soon used up by frames that are left out.
  Error.stackTraceLimit = 50;
  const ours: typeof Error.prepareStackTrace = (error, callSites) => {
    const frames = callSites.map((site) => describeFrame(site, cells));
    const shown = frames.filter(
      (frame, index) =>
        frame !== undefined && !(isResumption(callSites[index]!) && isFollowed(frames, index)),
    );
    return [headline(error), ...shown].join("\n    at ");
  };
  let theirs: typeof Error.prepareStackTrace;
  // Who wants stacks otherwise for a moment sets it, and often to undefined afterwards.
  Object.defineProperty(Error, "prepareStackTrace", {
    get: () => theirs ?? ours,
    set: (value: typeof Error.prepareStackTrace) => void (theirs = value),
    configurable: true,
  });
}

/** Whether a frame is that of a generator's `next` or `throw`, which lie in no file. */
function isResumption(site: NodeJS.CallSite): boolean {
  return site.getFileName() === null && /^(next|throw)$/.test(site.getFunctionName() ?? "");
}

/** Whether a frame was called by one that is left out: then it is the kernel that takes a step of a cell. */
function isFollowed(frames: (string | undefined)[], index: number): boolean {
  return index + 1 < frames.length && frames[index + 1] === undefined;
}

function describeFrame(site: NodeJS.CallSite, cells: CellRegistry): string | undefined {
  const file = site.getFileName() ?? undefined;
  const text = textOf(site);
  if (file === undefined) return text;
  const place = { file, line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 };
  return describePlace(text, place, cells);
}

function describePlace(
  text: string,
  { file, line, column }: Omit<StackFrame, "functionName">,
  cells: CellRegistry,
): string | undefined {
  const cell = cells.get(file);
  if (cell === undefined)
    return isHiddenFrame(text) ? undefined : withPlace(text, placeInModule(file, line, column));
  const position = toSource(cell.map(), { line, column: column - 1 });
  return position && withPlace(text, `${cell.name}:${position.line}:${position.column + 1}`);
}

/** A place in running code, as a debugger gives it. Lines and columns count from 1. */
export interface StackFrame {
  functionName: string;
  /** Its path, or its URL. */
  file: string;
  line: number;
  column: number;
}

/** A stack of such frames in the words of {@link installStackTrace}. */
export function describeStack(frames: StackFrame[], cells: CellRegistry): string[] {
  return frames.flatMap(({ functionName, file, line, column }) => {
    const text =
      functionName === "" ? `${file}:${line}:${column}` : `${functionName} (${file}:${line}:${column})`;
    const described = describePlace(text, { file, line, column }, cells);
    return described === undefined ? [] : [`    at ${described}`];
  });
}

/** V8's text has the function and `async` or `new`; only the place in it is replaced. */
function withPlace(text: string, place: string | undefined): string {
  if (place === undefined) return text;
  const bracket = text.lastIndexOf(" (");
  if (bracket >= 0) return `${text.slice(0, bracket)} (${place})`;
  return `${text.startsWith("async ") ? "async " : ""}${place}`;
}

/** V8's own text of a frame, as it stands in every stack. */
function textOf(site: NodeJS.CallSite): string {
  return (site as { toString(): string }).toString();
}

/** Whether a frame, as text, lies in the kernel or in Node itself. */
export function isHiddenFrame(text: string): boolean {
  return /(^|[\s(])node:/.test(text) || ownDirectories.some((directory) => text.includes(directory));
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}
