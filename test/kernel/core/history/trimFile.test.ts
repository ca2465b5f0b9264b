import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";

import { gather, parseHistory } from "../../../../src/kernel/core/history/lines.ts";
import { trimHistoryFile } from "../../../../src/kernel/core/history/trimFile.ts";

describe("trimHistoryFile", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "history-"));
    path = join(directory, "history.jsonl");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const cells = (session: string, count: number): string =>
    Array.from(
      { length: count },
      (_, n) => `${JSON.stringify({ session, line: n + 1, input: `cell ${n + 1}` })}\n`,
    ).join("");
  const kept = (): string[] =>
    gather(parseHistory(readFileSync(path, "utf8"))).entries.map(({ session, line }) => `${session}:${line}`);

  it("leaves a file that is not there, and one that is short, as it is", async () => {
    await trimHistoryFile(path, 10);
    assert.deepEqual(readdirSync(directory), []);
    writeFileSync(path, cells("a", 20));
    const { ino } = statSync(path);
    await trimHistoryFile(path, 10);
    assert.equal(statSync(path).ino, ino);
  });

  it("keeps the newest cells and leaves nothing beside the file", async () => {
    writeFileSync(path, cells("a", 100) + cells("b", 5));
    await trimHistoryFile(path, 10);
    assert.deepEqual(kept(), ["1:96", "1:97", "1:98", "1:99", "1:100", "2:1", "2:2", "2:3", "2:4", "2:5"]);
    assert.deepEqual(readdirSync(directory), ["history.jsonl"]);
  });

  it("loses nothing that other kernels append meanwhile", async () => {
    writeFileSync(path, cells("a", 30_000));
    let done = false;
    const trimming = trimHistoryFile(path, 10_000).then(() => (done = true));
    let line = 0;
    while (!done) {
      appendFileSync(path, `${JSON.stringify({ session: "b", line: ++line, input: "x" })}\n`);
      await turn();
    }
    await trimming;
    const found = kept();
    assert.ok(line > 2 && found.length < 30_000);
    assert.equal(found.filter((each) => each.startsWith("2:")).length, line);
  });

  it("is done by several kernels at once", async () => {
    writeFileSync(path, cells("a", 1000));
    await Promise.all([1, 2, 3].map(() => trimHistoryFile(path, 10)));
    assert.deepEqual(
      kept(),
      Array.from({ length: 10 }, (_, n) => `1:${991 + n}`),
    );
    assert.deepEqual(readdirSync(directory), ["history.jsonl"]);
  });
});
