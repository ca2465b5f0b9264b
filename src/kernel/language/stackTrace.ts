import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import type { CellRegistry } from "./cellRegistry.ts";
import { placeInModule } from "./localModule.ts";
import { toSource } from "./sourceMap.ts";

/** Where the kernel's own code lies; its frames mean nothing to a user. */
const ownDirectory = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Makes `error.stack` name places in the cells as the user wrote them, `Cell [3]:7:12`, wherever it is read: in a traceback,
 * by `console.error`, by a library. Frames of the kernel and below are left out.
 */
export function installStackTrace(cells: CellRegistry): void {
  Error.prepareStackTrace = (error, callSites) => {
    const frames = callSites.map((site) => describeFrame(site, cells)).filter((frame) => frame !== undefined);
    return [headline(error), ...frames].join("\n    at ");
  };
}

function describeFrame(site: NodeJS.CallSite, cells: CellRegistry): string | undefined {
  const filename = site.getFileName() ?? undefined;
  const text = textOf(site);
  if (filename === undefined) return text;
  const line = site.getLineNumber() ?? 1;
  const column = site.getColumnNumber() ?? 1;
  const cell = cells.get(filename);
  if (cell === undefined)
    return isHiddenFrame(text) ? undefined : withPlace(text, placeInModule(filename, line, column));
  const position = toSource(cell.map(), { line, column: column - 1 });
  return position && withPlace(text, `${cell.name}:${position.line}:${position.column + 1}`);
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

/** Whether a frame, as text, lies in the kernel or in the parts of Node that run it. */
export function isHiddenFrame(text: string): boolean {
  return (
    text.includes("node:internal/") || /node:(vm|async_hooks):/.test(text) || text.includes(ownDirectory)
  );
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}
