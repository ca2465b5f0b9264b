import assert from "node:assert/strict";

import { freshInterpreter } from "./freshInterpreter.ts";

describe("an interrupt", () => {
  const session = freshInterpreter();
  const { run, text } = session;

  it("ends what is awaited, aborts the signal, and keeps the session", async () => {
    await run("let kept = 1");
    const { signal: before } = session.interpreter;
    const running = run("await new Promise(() => {})");
    assert.notEqual(session.interpreter.signal, before);
    const { signal } = session.interpreter;
    setTimeout(() => session.interpreter.interrupt(), 20);
    const outcome = await running;
    assert.ok(outcome.status === "error" && outcome.interrupted);
    assert.deepEqual([outcome.ename, outcome.evalue], ["KernelInterrupt", "interrupted"]);
    assert.ok(signal.aborted);
    assert.equal(await text("kept"), "1");
  });

  it("ends functions at their next await, also those of earlier cells, which can be called again", async () => {
    await run("let rounds = 0; const sleep = () => new Promise((r) => setTimeout(r, 1))");
    await run(
      "async function loop(n: number) { for (let i = 0; i < n; i++) { await sleep(); rounds++ } return 'done' }",
    );
    const running = run("await loop(1e9)");
    setTimeout(() => session.interpreter.interrupt(), 30);
    assert.equal((await running).status, "error");
    const rounds = await text("rounds");
    assert.equal(await text("await sleep(); await sleep(); await sleep(); rounds"), rounds);
    assert.equal(await text("await loop(2)"), "'done'");
  });

  it("does nothing when nothing runs", async () => {
    session.interpreter.interrupt();
    assert.equal(await text("1"), "1");
    assert.equal(session.interpreter.signal.aborted, false);
  });
});
