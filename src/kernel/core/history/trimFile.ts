import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync, renameSync, statSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";

import { parseHistory, trimHistory } from "./lines.ts";

/**
 * Shortens a history file that has grown to more than twice of what it should hold, by a new file in its place. Kernels that append
 * meanwhile lose nothing: what came since the file was read is carried over, and nobody keeps it open.
 */
export async function trimHistoryFile(path: string, limit: number): Promise<void> {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before === undefined) return;
  const bytes = await readFile(path);
  // A cell has two lines at most. Counting them is much quicker than reading them.
  if (bytes.length <= maxBytes && countLines(bytes) <= 2.5 * limit) return;
  const lines = trimHistory(parseHistory(bytes.toString()), limit);
  const temporary = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await writeFile(temporary, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: 0o600 });
    const now = statSync(path);
    // Another kernel has just done the same.
    if (now.ino !== before.ino || now.size < bytes.length) return;
    if (now.size > bytes.length) appendFileSync(temporary, readFileSync(path).subarray(bytes.length));
    renameSync(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

const maxBytes = 32 << 20;

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
