import assert from "node:assert/strict";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";

import { freshBench } from "./support.ts";

describe("the end of a kernel", () => {
  const bench = freshBench();

  for (const channel of ["control", "shell"] as const) {
    for (const restart of [false, true]) {
      it(`shuts down on ${channel} with restart ${restart}: replies, says so to all, closes its sockets`, async () => {
        const request = bench.transport.receive("shutdown_request", { restart }, { channel });
        await bench.running;
        assert.deepEqual(bench.transport.trace(request), [
          "iopub status busy",
          "iopub shutdown_reply",
          `${channel} shutdown_reply`,
          "iopub status idle",
        ]);
        assert.deepEqual(bench.transport.reply(request), { status: "ok", restart });
        assert.ok(bench.transport.closed);
      });
    }
  }

  it("answers the cell that ends the kernel, also when another request ends before it", async () => {
    bench.interpreter.programs.exit = async () => {
      await turn();
      bench.kernel.shutDown();
      await delay(20);
      return undefined;
    };
    bench.interpreter.isComplete = async () => {
      await delay(5);
      return { status: "complete" };
    };
    const cell = bench.transport.receive("execute_request", { code: "exit" });
    const other = bench.transport.receive("is_complete_request");
    await bench.running;
    assert.equal(bench.transport.reply(other)?.status, "complete");
    assert.equal(bench.transport.reply(cell)?.status, "ok");
  });

  it("ends although the cell that it runs does not", async () => {
    bench.interpreter.programs.endless = () => new Promise(() => undefined);
    const cell = bench.transport.receive("execute_request", { code: "endless" });
    bench.kernel.shutDown();
    await bench.running;
    assert.equal(bench.transport.reply(cell), undefined);
    assert.ok(bench.transport.closed);
  });
});
