import assert from "node:assert/strict";
import { tmpdir } from "node:os";

import type { Failure, Outcome } from "../../../src/kernel/core/interpreter.ts";
import { TypeScriptInterpreter } from "../../../src/kernel/language/interpreter.ts";

describe("TypeScriptInterpreter", () => {
  let interpreter: TypeScriptInterpreter;
  let count: number;

  beforeEach(() => {
    interpreter = new TypeScriptInterpreter({ directory: tmpdir() });
    count = 0;
  });
  afterEach(() => delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace);

  const run = (code: string): Promise<Outcome> => interpreter.execute({ code, count: ++count });
  const text = async (code: string): Promise<unknown> => {
    const outcome = await run(code);
    assert.equal(outcome.status, "ok", outcome.status === "error" ? outcome.traceback.join("\n") : "");
    return outcome.status === "ok" ? outcome.result?.data["text/plain"] : undefined;
  };
  const failure = async (code: string): Promise<Failure> => {
    const outcome = await run(code);
    assert.ok(outcome.status === "error");
    return outcome;
  };

  describe("results", () => {
    it("are text as console.log shows it, without colours", async () => {
      assert.equal(await text("1 + 1"), "2");
      assert.equal(await text("'a'"), "'a'");
      assert.equal(await text("({ a: [new Map([[1, 2]])] })"), "{ a: [ Map(1) { 1 => 2 } ] }");
      assert.equal(await text("null"), "null");
    });

    it("of promises are not awaited, and show none of Node's bookkeeping", async () => {
      assert.equal(await text("await null; Promise.resolve(3)"), "Promise { 3 }");
    });

    it("are missing for undefined", async () => {
      assert.deepEqual(await run("undefined"), { status: "ok" });
      assert.deepEqual(await run("let a = 1"), { status: "ok" });
    });
  });

  describe("tracebacks", () => {
    it("name the cell, line and column of the source, with the code around", async () => {
      const { ename, evalue, traceback } = await failure(
        "interface A { a: number }\n\nfunction f(a: A): void {\n  throw new TypeError(`bad ${a.a}`);\n}\nf({ a: 1 });",
      );
      assert.deepEqual([ename, evalue], ["TypeError", "bad 1"]);
      // The test itself is among the callers.
      const lines = traceback.filter((line) => !line.includes(import.meta.filename));
      assert.deepEqual(lines, [
        "TypeError: bad 1",
        "    at f (Cell [1]:4:9)",
        "    at Cell [1]:6:1",
        "",
        "  2 |",
        "  3 | function f(a: A): void {",
        "> 4 |   throw new TypeError(`bad ${a.a}`);",
        "    |         ^",
        "  5 | }",
        "  6 | f({ a: 1 });",
      ]);
    });

    it("follow calls into earlier cells and through awaits", async () => {
      await run("async function f(): Promise<void> {\n  await null;\n  throw new Error('deep');\n}");
      const { traceback } = await failure("const x: number = 1;\nawait f();");
      assert.deepEqual(traceback.slice(0, 3), [
        "Error: deep",
        "    at f (Cell [1]:3:9)",
        "    at async Cell [2]:2:1",
      ]);
      assert.ok(traceback.includes("> 3 |   throw new Error('deep');"));
    });

    it("show causes and the errors of an AggregateError", async () => {
      const { traceback } = await failure("throw new Error('outer', { cause: new RangeError('inner') })");
      assert.ok(traceback.includes("Caused by:") && traceback.includes("RangeError: inner"));
      const many = await failure(
        "throw new AggregateError([new Error('one'), new TypeError('two')], 'many')",
      );
      assert.ok(many.traceback.includes("Error: one") && many.traceback.includes("TypeError: two"));
    });

    it("end for causes that go round in a circle", async () => {
      const { traceback } = await failure("const e = new Error('round'); e.cause = e; throw e");
      assert.ok(traceback.length < 200);
    });

    it("show thrown values that are no errors", async () => {
      assert.deepEqual((await failure("throw { a: 1 }")).traceback, ["Uncaught { a: 1 }"]);
    });

    it("name classes that extend Error", async () => {
      assert.equal((await failure("class Odd extends Error {}; throw new Odd('x')")).ename, "Odd");
    });

    it("name a missing name", async () => {
      const { ename, traceback } = await failure("const ok = 1;\nmissing(ok)");
      assert.equal(ename, "ReferenceError");
      assert.equal(traceback[1], "    at Cell [1]:2:1");
    });

    it("of syntax errors show the place, and nothing has run", async () => {
      const { ename, traceback } = await failure("globalThis.ran = true;\nlet a: = 1");
      assert.deepEqual([ename, "ran" in globalThis], ["SyntaxError", false]);
      assert.equal(traceback[1], "    at Cell [1]:2:8");
      assert.ok(traceback.includes("> 2 | let a: = 1"));
    });
  });

  describe("imports", () => {
    it("bind default, named and namespace imports of Node's modules", async () => {
      assert.equal(
        await text(
          "import p, { join as j } from 'node:path'; import * as os from 'os'; [p.join === j, typeof os.cpus]",
        ),
        "[ true, 'function' ]",
      );
    });

    it("fall back to this package's own dependencies", async () => {
      assert.equal(await text("import { compile } from 'vega-lite'; typeof compile"), "'function'");
      assert.equal(await text("import seedrandom from 'seedrandom'; typeof seedrandom"), "'function'");
    });

    it("say what is missing, and where it was asked for", async () => {
      const nothing = await failure("import { join,\n  nothing } from 'node:path'");
      assert.equal(nothing.ename, "SyntaxError");
      assert.match(nothing.evalue, /^The module "node:path" has no export named "nothing"/);
      assert.ok(nothing.traceback.includes("    at Cell [1]:2:3"));
      const nowhere = await failure("import x from 'no-such-package'");
      assert.match(nowhere.evalue, /^Cannot find package "no-such-package"; install it/);
      assert.match(
        (await failure("import x from './no-such-file.ts'")).evalue,
        /^Cannot find module .*no-such-file.ts$/,
      );
    });

    it("of names that are used as types only may fail", async () => {
      assert.equal(
        await text("import { join, ParsedPath } from 'node:path'; let p: ParsedPath; typeof join"),
        "'function'",
      );
    });
  });

  describe("user expressions", () => {
    it("see the session and fail on their own", async () => {
      await run("const a = 20");
      const good = await interpreter.evaluate("a + 1");
      assert.ok(good.status === "ok" && good.result?.data["text/plain"] === "21");
      const bad = await interpreter.evaluate("b +");
      assert.equal(bad.status, "error");
    });
  });

  describe("an interrupt", () => {
    it("ends what is awaited, aborts the signal, and keeps the session", async () => {
      await run("let kept = 1");
      const { signal: before } = interpreter;
      const running = run("await new Promise(() => {})");
      assert.notEqual(interpreter.signal, before);
      const { signal } = interpreter;
      setTimeout(() => interpreter.interrupt(), 20);
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
      setTimeout(() => interpreter.interrupt(), 30);
      assert.equal((await running).status, "error");
      const rounds = await text("rounds");
      assert.equal(await text("await sleep(); await sleep(); await sleep(); rounds"), rounds);
      assert.equal(await text("await loop(2)"), "'done'");
    });

    it("does nothing when nothing runs", async () => {
      interpreter.interrupt();
      assert.equal(await text("1"), "1");
      assert.equal(interpreter.signal.aborted, false);
    });
  });
});
