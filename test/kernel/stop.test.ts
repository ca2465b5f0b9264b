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
    const cell = kernel.begin(code);
    // What is sent on another socket may overtake it, and would then find nothing to stop.
    await kernel.until(() => cell.published.some(({ header }) => header.msg_type === "execute_input"));
    await delay(after);
    await stop();
    return (await cell.done).reply!.content.ename;
  };

  it("breaks a regular expression again and again, at any moment of it, and nothing of the next cell", async () => {
    for (let round = 0; round < 20; round++) {
      assert.equal(await stopped("/(a+)+b/.test('a'.repeat(40))", round * 2 + 20), "KernelInterrupt");
      assert.equal(await kernel.value("let sum = 0; for (let i = 0; i < 1e5; i++) sum++; sum"), "100000");
    }
  });

  describe("ends what runs away", () => {
    before(() =>
      kernel.value(
        "const runAway = () => /(a+)+$/.test('a'.repeat(40) + 'b'); const pause = () => new Promise((next) => setTimeout(next, 5)); let kept = 0; 1",
      ),
    );
    const cells: [title: string, code: string][] = [
      ["behind an await", "await 1; runAway()"],
      ["behind an await that takes its time", "await pause(); runAway()"],
      ["in a comparator", "await 1; [...Array(9).keys()].sort(() => Number(runAway()))"],
      ["in code of a library", "await 1; new Function('for (;;);')()"],
      ["in Atomics.wait", "await 1; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
      ["in an async function behind its own await", "await (async () => { await pause(); runAway() })()"],
      [
        "in a method behind its own await",
        "await new (class { async m() { await pause(); this.n() } n() { runAway() } })().m()",
      ],
      ["in a loop with for await", "for await (const x of [1, 2]) if (x === 2) runAway()"],
      ["behind a promise that fails", "try { await Promise.reject(1) } catch { runAway() }"],
      ["again and again, whatever is caught", "for (;;) try { await 1; runAway() } catch {}"],
      ["in then", "await pause().then(() => runAway())"],
      ["in a timer", "await new Promise(() => setTimeout(() => runAway(), 5))"],
      ["in an interval, which does not come again", "setInterval(runAway, 5); await new Promise(() => {})"],
      ["in setImmediate", "await new Promise(() => setImmediate(runAway))"],
      ["in a microtask", "await new Promise(() => queueMicrotask(runAway))"],
      [
        "in an event's listener",
        "const e = new (require('events').EventEmitter)(); e.on('x', () => runAway()); new Function('e', 'setTimeout(() => e.emit(`x`), 5)')(e); await new Promise(() => {})",
      ],
      ["when a value is shown", "({ [Symbol.for('Jupyter.display')]() { runAway() } })"],
      ["when a value is disposed of", "using d = { [Symbol.dispose]() { runAway() } }"],
      ["under %time", "%time runAway()"],
      ["under %timeit", "%timeit runAway()"],
    ];
    for (const [title, code] of cells) {
      it(title, async () => {
        assert.equal(await stopped(code, 100), "KernelInterrupt");
        assert.equal(await kernel.value("[1, 2, 3].sort(() => 0).length + kept"), "3");
      });
    }

    it("in a timer whose cell has ended", async () => {
      await kernel.value("setTimeout(() => { runAway(); kept = 1 }, 5); 1");
      await delay(100);
      await stop();
      assert.equal(await kernel.value("kept"), "0");
    });
  });

  it("breaks it also when a cell or a library listens for SIGINT, and then does no more", async () => {
    await kernel.value("let heard = 0; const listen = () => void heard++; process.on('SIGINT', listen); 1");
    assert.equal(await stopped("/(a+)+b/.test('a'.repeat(40))", 30), "KernelInterrupt");
    await kernel.value("process.off('SIGINT', listen); 1");
    assert.equal(await stopped("/(a+)+b/.test('a'.repeat(40))", 30), "KernelInterrupt");
    assert.equal(await kernel.value("heard"), "0");
  });

  it("ends microtasks that make microtasks, whoever calls whom", async () => {
    for (const code of [
      "const again = () => { Promise.resolve().then(again) }; again()",
      "process.nextTick(function tick() { process.nextTick(tick) })",
      "const pair = [() => void queueMicrotask(pair[1]), () => void queueMicrotask(pair[0])]; pair[0]()",
    ])
      assert.equal(await stopped(`${code}; await new Promise(() => undefined)`, 30), "KernelInterrupt", code);
    assert.equal(await kernel.value("1 + 1"), "2");
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

  it("names the place also the first time, when much was loaded", async () => {
    const young = await LiveKernel.start();
    try {
      // Takes TypeScript's own compiler, whose nine megabytes the debugger must have read.
      await young.value("namespace N { export let n = 1 }; N.n");
      await delay(3000);
      const cell = young.begin("\n  /(a+)+b/.test('a'.repeat(40))");
      await young.until(() => cell.published.some(({ header }) => header.msg_type === "execute_input"));
      await delay(200);
      await young.ask("interrupt_request", {}, { channel: "control" });
      const { traceback } = (await cell.done).reply!.content as { traceback: string[] };
      assert.match(traceback.join("\n"), /Cell \[2\]:2:/);
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
