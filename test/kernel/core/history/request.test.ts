import assert from "node:assert/strict";

import type { History, HistoryEntry } from "../../../../src/kernel/core/history/history.ts";
import { MemoryHistory } from "../../../../src/kernel/core/history/history.ts";
import type { JsonObject } from "../../../../src/kernel/core/transport.ts";
import { failed, freshBench, result } from "../support.ts";

/** Two earlier sessions, in which `a` was run twice. */
class OldHistory extends MemoryHistory implements History {
  override async read(): Promise<{ session: number; entries: HistoryEntry[] }> {
    const old = (
      session: number,
      line: number,
      input: string,
      output: string | null = null,
    ): HistoryEntry => ({
      session,
      line,
      input,
      output,
    });
    const earlier = [old(1, 1, "a", "1"), old(1, 2, "b"), old(2, 1, "a"), old(2, 2, "abc")];
    return Promise.resolve({ session: 3, entries: [...earlier, ...this.entries(3)] });
  }
}

describe("history_request", () => {
  const bench = freshBench(() => ({ history: new OldHistory() }));
  beforeEach(async () => {
    const { transport, interpreter } = bench;
    interpreter.programs.x = () => result("42");
    interpreter.programs.bad = () => failed;
    for (const code of ["x", "bad"]) await transport.ask("execute_request", { code });
    await transport.ask("execute_request", { code: "silent", silent: true });
    await transport.ask("execute_request", { code: "not stored", store_history: false });
  });

  const mine = [
    [3, 1, "x"],
    [3, 2, "bad"],
  ];
  const earlier = [
    [1, 1, "a"],
    [1, 2, "b"],
    [2, 1, "a"],
    [2, 2, "abc"],
  ];
  const cases: [what: string, content: JsonObject, history: unknown[]][] = [
    ["the cells of this session", { hist_access_type: "range", session: 0 }, mine],
    [
      "lines from start to before stop",
      { hist_access_type: "range", session: 0, start: 1, stop: 2 },
      [mine[0]],
    ],
    ["the session before this one", { hist_access_type: "range", session: -1 }, earlier.slice(2)],
    ["a session by its number", { hist_access_type: "range", session: 1, start: 2 }, [earlier[1]]],
    ["a session that never was", { hist_access_type: "range", session: 9 }, []],
    [
      "results beside the cells",
      { hist_access_type: "range", session: 0, output: true, raw: true },
      [
        [3, 1, ["x", "42"]],
        [3, 2, ["bad", null]],
      ],
    ],
    ["the latest n", { hist_access_type: "tail", n: 3 }, [earlier[3], ...mine]],
    ["the latest ten when it is not said how many", { hist_access_type: "tail" }, [...earlier, ...mine]],
    ["none of none", { hist_access_type: "tail", n: 0 }, []],
    [
      "what matches a pattern",
      { hist_access_type: "search", pattern: "a*" },
      [earlier[0], earlier[2], earlier[3]],
    ],
    ["the latest n that match", { hist_access_type: "search", pattern: "a*", n: 1 }, [earlier[3]]],
    [
      "each match once, the latest",
      { hist_access_type: "search", pattern: "a*", unique: true },
      earlier.slice(2),
    ],
    ["everything without a pattern", { hist_access_type: "search" }, [...earlier, ...mine]],
    ["nothing for an access that does not exist", { hist_access_type: "guess" }, []],
  ];
  for (const [what, content, history] of cases) {
    it(`gives ${what}`, async () =>
      assert.deepEqual(await bench.transport.ask("history_request", content), { status: "ok", history }));
  }
});

describe("MemoryHistory", () => {
  it("forgets the oldest cells", async () => {
    const history = new MemoryHistory({ limit: 2 });
    for (let line = 1; line <= 3; line++) history.addInput(line, "a");
    history.addOutput(1, "of a forgotten cell");
    assert.deepEqual(
      (await history.read()).entries.map(({ line, output }) => [line, output]),
      [
        [2, null],
        [3, null],
      ],
    );
  });
});
