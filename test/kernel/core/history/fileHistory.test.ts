import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { FileHistory, openHistory } from "../../../../src/kernel/core/history/fileHistory.ts";
import type { HistoryEntry } from "../../../../src/kernel/core/history/history.ts";

describe("FileHistory", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "history-"));
    path = join(directory, "convoscope", "history.jsonl");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** A session that ran these cells and ended. */
  async function session(inputs: string[], limit?: number): Promise<void> {
    const history = new FileHistory(path, limit === undefined ? {} : { limit });
    inputs.forEach((input, index) => history.addInput(index + 1, input));
    await history.close();
  }

  function brief({ entries }: { entries: HistoryEntry[] }): string[] {
    return entries.map(({ session, line, input, output }) => `${session}:${line} ${input} ${output ?? "-"}`);
  }

  it("touches nothing before the first cell", async () => {
    const history = new FileHistory(path);
    assert.deepEqual(await history.read(), { session: 1, entries: [] });
    await history.close();
    assert.ok(!existsSync(path));
  });

  it("finds the cells of earlier sessions, numbered as they began, and its own with their results", async () => {
    await session(["a", "b"]);
    await session(["c"]);
    const history = new FileHistory(path);
    history.addInput(1, "1+1");
    history.addOutput(1, "2");
    history.addInput(2, "run");
    const read = await history.read();
    assert.equal(read.session, 3);
    assert.deepEqual(brief(read), ["1:1 a -", "1:2 b -", "2:1 c -", "3:1 1+1 2", "3:2 run -"]);
    await history.close();
    assert.deepEqual(brief(await new FileHistory(path).read()), brief(read));
  });

  it("is written by several kernels at once", async () => {
    const kernels = Array.from({ length: 5 }, () => new FileHistory(path));
    for (let line = 1; line <= 40; line++) {
      for (const [index, kernel] of kernels.entries()) {
        kernel.addInput(line, `${index} ${"x".repeat(line * 20)}`);
        kernel.addOutput(line, String(index));
      }
      if (line % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(kernels.map((kernel) => kernel.close()));
    const { entries } = await new FileHistory(path).read();
    assert.equal(entries.length, 200);
    for (const { input, output } of entries) assert.equal(input[0], output);
    assert.equal(new Set(entries.map(({ session }) => session)).size, 5);
  });

  it("keeps the newest cells when a session starts on a file that has grown long, with the numbers they had", async () => {
    for (const name of ["a", "b", "c", "d"])
      await session(Array.from({ length: 10 }, (_, n) => `${name}${n}`));
    await session(["last"], 12);
    const read = await new FileHistory(path).read();
    assert.deepEqual(
      brief(read).map((line) => line.split(" ")[0]),
      ["3:9", "3:10", ...Array.from({ length: 10 }, (_, n) => `4:${n + 1}`), "5:1"],
    );
    assert.equal(read.session, 6);
    assert.deepEqual(readdirSync(join(directory, "convoscope")), ["history.jsonl"]);
  });

  it("never gives more cells than it keeps", async () => {
    const history = new FileHistory(path, { limit: 3 });
    for (let line = 1; line <= 5; line++) history.addInput(line, `cell ${line}`);
    assert.deepEqual(brief(await history.read()), ["1:3 cell 3 -", "1:4 cell 4 -", "1:5 cell 5 -"]);
    await history.close();
  });

  it("reads past lines that are broken, and does not break its own on a line that was cut off", async () => {
    await session(["a"]);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, `nonsense\n[]\nnull\n{"session":3}\n${text}{"session":"x","line":1,"inp`);
    await session(["b"]);
    assert.deepEqual(brief(await new FileHistory(path).read()), ["1:1 a -", "2:1 b -"]);
  });

  it("shortens long results", async () => {
    const history = new FileHistory(path);
    history.addInput(1, "a");
    history.addOutput(1, "x".repeat(50_000));
    await history.close();
    const { entries } = await new FileHistory(path).read();
    assert.equal(entries[0]?.output?.length, 10_001);
  });

  it("keeps the cells of this session, and says so once, where nothing can be written", async () => {
    writeFileSync(join(directory, "convoscope"), "a file where the directory should be");
    const log: string[] = [];
    const history = new FileHistory(path, { log: (line) => log.push(line) });
    history.addInput(1, "a");
    await history.close();
    history.addInput(2, "b");
    assert.deepEqual(brief(await history.read()), ["1:1 a -", "1:2 b -"]);
    assert.equal(log.length, 1);
    assert.match(log[0]!, /history is not kept/);
  });

  describe("openHistory", () => {
    it("keeps it in the user's directory of Jupyter data", async () => {
      const history = openHistory({ env: { JUPYTER_DATA_DIR: directory } });
      history.addInput(1, "a");
      await history.close();
      assert.ok(existsSync(path));
    });

    it("keeps it in the file that CONVOSCOPE_HISTORY names", async () => {
      const file = join(directory, "mine.jsonl");
      const history = openHistory({ env: { JUPYTER_DATA_DIR: directory, CONVOSCOPE_HISTORY: file } });
      history.addInput(1, "a");
      await history.close();
      assert.deepEqual(readdirSync(directory), ["mine.jsonl"]);
    });

    it("keeps it in memory alone when CONVOSCOPE_HISTORY is off", async () => {
      const history = openHistory({ env: { JUPYTER_DATA_DIR: directory, CONVOSCOPE_HISTORY: "off" } });
      history.addInput(1, "a");
      await history.close();
      assert.deepEqual(readdirSync(directory), []);
      assert.deepEqual(brief(await history.read()), ["1:1 a -"]);
    });
  });
});
