import assert from "node:assert/strict";

import { freshInterpreter } from "./freshInterpreter.ts";

describe("values declared with using", () => {
  const session = freshInterpreter();
  const { run, text, failure } = session;

  beforeEach(() =>
    run(
      "const log: string[] = []; const open = (name: string) => ({ name, [Symbol.dispose]() { log.push(name) }, async [Symbol.asyncDispose]() { await null; log.push(`async ${name}`) } })",
    ),
  );

  it("live as long as the cell, are shown, and are gone afterwards with their names", async () => {
    assert.equal(
      await text(
        "using a = open('a');\nawait using b = open('b');\nlog.push('body'); [a.name, b.name, log.length]",
      ),
      "[ 'a', 'b', 1 ]",
    );
    assert.equal(await text("log"), "[ 'body', 'async b', 'a' ]");
    assert.equal(await text("typeof a + typeof b"), "'undefinedundefined'");
  });

  it("are disposed of when the cell fails, too", async () => {
    const { evalue } = await failure("using a = open('a'); throw new Error('mine')");
    assert.equal(evalue, "mine");
    assert.equal(await text("log"), "[ 'a' ]");
  });

  it("may fail to be disposed of", async () => {
    const bad = "using a = { [Symbol.dispose]() { throw new Error('disposal') } };";
    assert.equal((await failure(bad)).evalue, "disposal");
    const { ename, traceback } = await failure(`${bad} throw new Error('mine')`);
    assert.equal(ename, "AggregateError");
    assert.ok(traceback.includes("Error: mine") && traceback.includes("Error: disposal"));
  });

  it("are disposed of when the cell is stopped, and cannot keep it from ending", async () => {
    const endless = "await using b = { [Symbol.asyncDispose]: () => new Promise<void>(() => {}) };";
    const stopped = run(`using a = open('a'); ${endless} await new Promise(() => {})`);
    setTimeout(() => session.interpreter.interrupt(), 20);
    const outcome = await stopped;
    assert.ok(outcome.status === "error" && outcome.interrupted);
    const failed = run(`${endless} throw new Error('mine')`);
    setTimeout(() => session.interpreter.interrupt(), 20);
    const second = await failed;
    assert.ok(second.status === "error");
    assert.equal(second.evalue, "mine");
    await run("using c = open('c'); null.x");
    assert.equal(await text("log"), "[ 'c' ]");
  });

  it("must have a method for it, and may be missing", async () => {
    const { ename, traceback } = await failure("let x = 1;\nusing a = {} as any");
    assert.equal(ename, "TypeError");
    assert.equal(traceback[1], "    at Cell [2]:2:7");
    assert.equal((await run("using a = null, b = undefined")).status, "ok");
  });

  it("may stand in blocks and functions of a cell", async () => {
    assert.equal(
      await text(
        "{ using a = open('a') }\nfunction f() { using b = open('b'); return b.name }\nfor (using c of [open('c')]) f();\nlog",
      ),
      "[ 'a', 'b', 'c' ]",
    );
  });
});
