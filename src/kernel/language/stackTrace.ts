import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import type { CellRegistry } from "./cellRegistry.ts";

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
  if (filename === undefined) return textOf(site);
  const place = cells.locate(filename, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1);
  if (place) {
    const { cell, position } = place;
    const location = `${cell.name}:${position.line}:${position.column + 1}`;
    // V8's text has the function and `async` or `new`; only the place in it is replaced.
    const text = textOf(site);
    const bracket = text.lastIndexOf(" (");
    if (bracket < 0) return `${text.startsWith("async ") ? "async " : ""}${location}`;
    return `${text.slice(0, bracket)} (${location})`;
  }
  return cells.get(filename) || isHidden(filename) ? undefined : textOf(site);
}

/** V8's own text of a frame, as it stands in every stack. */
function textOf(site: NodeJS.CallSite): string {
  return (site as { toString(): string }).toString();
}

function isHidden(filename: string): boolean {
  if (/^node:(vm$|internal\/(process|vm|timers|modules|async_hooks|main))/.test(filename)) return true;
  const path = filename.startsWith("file:") ? fileURLToPath(filename) : filename;
  return path.startsWith(ownDirectory);
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}
