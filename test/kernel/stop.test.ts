import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

import { LiveKernel } from "./liveKernel.ts";

describe("the stop button", function () {
  this.timeout(60_000);
  let kernel: LiveKernel;
  before(async () => (kernel = await LiveKernel.start()));
  afterEach(() => {
    if (kernel.invalid.length > 0) throw kernel.invalid[0];
  });
  after(() => kernel.close());

  const stop = (): Promise<unknown> => kernel.ask("interrupt_request", {}, { channel: "control" });

  /** Runs a cell, stops it after some milliseconds, and gives the name of its error. */
  const stopped = async (code: string, after: number): Promise<unknown> => {
    const { done } = kernel.begin(code);
    await delay(after);
    await stop();
    return (await done).reply!.content.ename;
  };

  it("breaks a regular expression again and again, at any moment of it, and nothing of the next cell", async () => {
    for (let round = 0; round < 20; round++) {
      assert.equal(await stopped("/(a+)+b/.test('a'.repeat(40))", round * 2 + 20), "KernelInterrupt");
      assert.equal(await kernel.value("let sum = 0; for (let i = 0; i < 1e5; i++) sum++; sum"), "100000");
    }
  });

  it("breaks it also when a cell or a library listens for SIGINT, and then does no more", async () => {
    await kernel.value("let heard = 0; const listen = () => void heard++; process.on('SIGINT', listen); 1");
    assert.equal(await stopped("/(a+)+b/.test('a'.repeat(40))", 30), "KernelInterrupt");
    await kernel.value("process.off('SIGINT', listen); 1");
    assert.equal(await stopped("/(a+)+b/.test('a'.repeat(40))", 30), "KernelInterrupt");
    assert.equal(await kernel.value("heard"), "0");
  });

  it("reaches a process that is started a moment later, in the same synchronous code", async () => {
    // Code of a library does not look at the flag, and a native call ends only when the process does.
    const code =
      "new Function('run', 'const end = Date.now() + 60; while (Date.now() < end); run()')(() => require('child_process').execSync('sleep 600'))";
    assert.notEqual(await stopped(code, 5), undefined);
  });

  it("does not end a kernel that is still loading what its first cell needs", async () => {
    const young = await LiveKernel.start();
    try {
      const cell = young.begin("/(a+)+b/.test('a'.repeat(40))");
      // What is sent on another socket may overtake it, and would then find nothing to stop.
      await young.until(() => cell.published.some(({ header }) => header.msg_type === "execute_input"));
      await young.ask("interrupt_request", {}, { channel: "control" });
      assert.equal((await cell.done).reply!.content.ename, "KernelInterrupt");
      assert.equal(await young.value("1 + 1"), "2");
    } finally {
      await young.close();
    }
  });

  it("is no signal: SIGINT from outside does nothing, whenever it comes", async () => {
    for (let round = 0; round < 100; round++) {
      const { done } = kernel.begin("1 + 1");
      kernel.signal("SIGINT");
      await done;
      kernel.signal("SIGINT");
    }
    assert.equal(await kernel.value("1 + 1"), "2");
  });
});
