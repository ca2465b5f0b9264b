import assert from "node:assert/strict";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";

import { failed, freshBench } from "./support.ts";

describe("output", () => {
  const bench = freshBench();

  it("flushes what a cell prints before a display, an error and the reply", async () => {
    bench.interpreter.programs.print = (origin) => {
      bench.kernel.stream(origin, "stdout", "a");
      bench.kernel.display(origin, { data: { "text/plain": "picture" }, metadata: {} });
      bench.kernel.stream(origin, "stderr", "b");
      bench.kernel.stream(origin, "stderr", "c");
      return failed;
    };
    const request = bench.transport.receive("execute_request", { code: "print" });
    await turn();
    await turn();
    assert.deepEqual(bench.transport.trace(request).slice(2), [
      "iopub stream",
      "iopub display_data",
      "iopub stream",
      "iopub error",
      "shell execute_reply",
      "iopub status idle",
    ]);
    assert.deepEqual(bench.transport.of(request)[4]!.content, { name: "stderr", text: "bc" });
    assert.deepEqual(bench.transport.of(request)[3]!.content.transient, {});
  });

  it("updates a display in place when it has an id, and clears the output at once or with what comes next", async () => {
    bench.interpreter.programs.show = (origin) => {
      bench.kernel.display(origin, { data: {}, metadata: {} }, { displayId: "d", update: true });
      bench.kernel.display(origin, { data: {}, metadata: {} }, { update: true });
      bench.kernel.clearOutput(origin, { wait: true });
      bench.kernel.clearOutput(origin);
      return undefined;
    };
    const request = bench.transport.receive("execute_request", { code: "show" });
    await turn();
    const [update] = bench.transport.of(request, "update_display_data");
    assert.deepEqual(update?.content.transient, { display_id: "d" });
    // Without an id nothing can be found again: it is shown anew.
    assert.equal(bench.transport.of(request, "display_data").length, 1);
    assert.deepEqual(
      bench.transport.of(request, "clear_output").map(({ content }) => content),
      [{ wait: true }, { wait: false }],
    );
  });

  it("puts late output under the cell that started it, not the one that runs", async () => {
    bench.interpreter.programs.first = (origin) => {
      setTimeout(() => bench.kernel.stream(origin, "stdout", "late"), 20);
      return undefined;
    };
    bench.interpreter.programs.second = async (origin) => {
      bench.kernel.stream(origin, "stdout", "second");
      await delay(60);
      return undefined;
    };
    const first = bench.transport.receive("execute_request", { code: "first" });
    const second = bench.transport.receive("execute_request", { code: "second" });
    await delay(120);
    const texts = (request: typeof first): unknown[] =>
      bench.transport.of(request, "stream").map(({ content }) => content.text);
    assert.deepEqual([texts(first), texts(second)], [["late"], ["second"]]);
  });

  it("puts output without an origin, or with one it does not know, under the latest cell that is seen", async () => {
    bench.kernel.stream(undefined, "stderr", "before any cell");
    const cell = bench.transport.receive("execute_request", { code: "" });
    await bench.transport.idle(cell);
    await bench.transport.ask("execute_request", { code: "", silent: true });
    bench.kernel.stream(undefined, "stderr", "a");
    bench.kernel.stream(12345, "stderr", "b");
    bench.kernel.display(undefined, { data: {}, metadata: {} });
    assert.equal(bench.transport.of(cell, "stream")[0]?.content.text, "ab");
    assert.equal(bench.transport.of(cell, "display_data").length, 1);
    const [orphan] = bench.transport.sent.filter(({ header }) => header.msg_type === "stream");
    assert.deepEqual([orphan?.content.text, orphan?.parentHeader], ["before any cell", {}]);
  });

  it("keeps 20,000 lines whole, in order, in few messages, before idle", async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`);
    bench.interpreter.programs.print = (origin) => {
      for (const line of lines) bench.kernel.stream(origin, "stdout", line);
      return undefined;
    };
    const request = bench.transport.receive("execute_request", { code: "print" });
    await bench.transport.idle(request);
    const streams = bench.transport.of(request, "stream");
    assert.equal(streams.map(({ content }) => content.text).join(""), lines.join(""));
    assert.ok(streams.length < 1000, `${streams.length} messages`);
    assert.equal(bench.transport.trace(request).at(-1), "iopub status idle");
  });
});
