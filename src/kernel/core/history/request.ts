import { integerOf } from "../content.ts";
import { matchesGlob } from "./glob.ts";
import type { HistoryEntry } from "./history.ts";
import type { Kernel, Request } from "../kernel.ts";
import type { JsonObject } from "../transport.ts";

/** How many cells `tail` gives when the request does not say. */
const defaultTail = 10;

/** Cells that were run, as `[session, line, input]`, or with their results as `[session, line, [input, output]]`. */
export async function history(kernel: Kernel, { content }: Request): Promise<JsonObject> {
  const { session, entries } = await kernel.history.read();
  const found = select(entries, content, session);
  return {
    status: "ok",
    history: found.map(({ session, line, input, output }) => [
      session,
      line,
      content.output === true ? [input, output] : input,
    ]),
  };
}

/** What a `history_request` asks for. An unknown kind of access finds nothing. */
function select(entries: HistoryEntry[], request: JsonObject, current: number): HistoryEntry[] {
  const n = integerOf(request.n);
  switch (request.hist_access_type) {
    case "range":
      return range(entries, request, current);
    case "tail":
      return last(entries, n ?? defaultTail);
    case "search": {
      const pattern = typeof request.pattern === "string" ? request.pattern : "*";
      const found = entries.filter(({ input }) => matchesGlob(input, pattern));
      return last(request.unique === true ? newestOfEach(found) : found, n ?? found.length);
    }
    default:
      return [];
  }
}

/** Lines from `start` to before `stop` of a session; 0 is the current one, -1 the one before it. */
function range(entries: HistoryEntry[], request: JsonObject, current: number): HistoryEntry[] {
  const asked = integerOf(request.session) ?? 0;
  const session = asked > 0 ? asked : current + asked;
  const start = integerOf(request.start) ?? 0;
  const stop = integerOf(request.stop) ?? Infinity;
  return entries.filter((entry) => entry.session === session && entry.line >= start && entry.line < stop);
}

function last(entries: HistoryEntry[], n: number): HistoryEntry[] {
  return n > 0 ? entries.slice(-n) : [];
}

function newestOfEach(entries: HistoryEntry[]): HistoryEntry[] {
  const newest = new Map<string, HistoryEntry>();
  for (const entry of entries) {
    newest.delete(entry.input);
    newest.set(entry.input, entry);
  }
  return [...newest.values()];
}
