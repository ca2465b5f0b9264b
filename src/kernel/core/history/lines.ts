import type { HistoryEntry } from "./history.ts";
import { integerOf } from "../content.ts";

/** A line of the history file: what was run, what it gave, or which number a session has whose first lines are gone. */
export type HistoryLine =
  | { session: string; line: number; input: string }
  | { session: string; line: number; output: string }
  | { session: string; number: number };

/** All cells together may not be longer than this when the file is trimmed, in UTF-16 units. */
const maxLength = 16 << 20;

/** Reads the lines of a history file; what is none, such as half a line of a kernel that was killed, is left out. */
export function parseHistory(text: string): HistoryLine[] {
  return text.split("\n").flatMap((line) => {
    try {
      const record: unknown = line === "" ? undefined : JSON.parse(line);
      return isHistoryLine(record) ? [record] : [];
    } catch {
      return [];
    }
  });
}

/** The cells that the lines tell of, in their order, and the number of each session: sessions count from 1 as they first appear. */
export function gather(lines: readonly HistoryLine[]): {
  sessions: Map<string, number>;
  entries: HistoryEntry[];
} {
  const sessions = new Map<string, number>();
  const entries = new Map<string, HistoryEntry>();
  let last = 0;
  for (const record of lines) {
    const known = sessions.get(record.session);
    const session = known ?? ("number" in record ? record.number : last + 1);
    if (known === undefined) sessions.set(record.session, session);
    last = Math.max(last, session);
    if ("number" in record) continue;
    const key = `${record.session} ${record.line}`;
    if ("input" in record)
      entries.set(key, { session, line: record.line, input: record.input, output: null });
    else if (entries.has(key)) entries.get(key)!.output = record.output;
  }
  return { sessions, entries: [...entries.values()] };
}

/** The lines of the newest cells, at most so many. Sessions keep their numbers. */
export function trimHistory(lines: readonly HistoryLine[], limit: number): HistoryLine[] {
  const { sessions, entries } = gather(lines);
  const kept = new Set<string>();
  let length = 0;
  for (const { session, line, input, output } of entries.slice(-limit).reverse()) {
    length += input.length + (output?.length ?? 0);
    if (length > maxLength) break;
    kept.add(`${session} ${line}`);
  }
  const left = lines.filter(
    (record) => !("number" in record) && kept.has(`${sessions.get(record.session)} ${record.line}`),
  );
  const ids = new Set(left.map(({ session }) => session));
  return [...[...ids].map((session) => ({ session, number: sessions.get(session) ?? 0 })), ...left];
}

function isHistoryLine(value: unknown): value is HistoryLine {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  if (typeof record.session !== "string") return false;
  if (integerOf(record.number) !== undefined) return true;
  if (integerOf(record.line) === undefined) return false;
  return typeof record.input === "string" || typeof record.output === "string";
}
