import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

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

  describe("tracebacks of odd values", () => {
    const odd: [title: string, code: string, evalue: string][] = [
      [
        "throw in their getters",
        "const e = new Error('x'); for (const key of ['name', 'stack', 'cause']) Object.defineProperty(e, key, { get() { throw new Error('no') } }); throw e",
        "x",
      ],
      [
        "are revoked proxies",
        "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy",
        "<Revoked Proxy>",
      ],
      [
        "are proxies with traps that throw",
        "throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
        "{}",
      ],
      [
        "throw when they are inspected",
        "throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw 1 }, a: 1 }",
        "{\n  a: 1,\n  [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]\n}",
      ],
      ["are undefined", "throw undefined", "undefined"],
      ["are text", "throw 'text'", "'text'"],
      ["are errors without a stack", "const e = new Error('bare'); e.stack = 5 as any; throw e", "bare"],
    ];
    for (const [title, code, evalue] of odd) {
      it(title, async () => {
        assert.equal((await failure(code)).evalue, evalue);
        assert.equal(await text("'alive'"), "'alive'");
      });
    }

    it("are long, and cut", async () => {
      const { evalue, traceback } = await failure("throw new Error('long '.repeat(100_000))");
      assert.ok(evalue.length < 11_000 && evalue.endsWith("… (500,000 characters, cut here)"));
      assert.equal(traceback[1], "    at Cell [1]:1:7");
    });

    it("have a message that looks like frames", async () => {
      const { traceback } = await failure("throw new Error('a\\n    at nowhere:1:1')");
      assert.equal(traceback.filter((line) => line.includes("nowhere")).length, 2);
    });

    it("hold errors in errors, each once, with their causes", async () => {
      const { traceback } = await failure(
        "const all = new AggregateError([1, new Error('a', { cause: 'why' })], 'all');\nall.errors.push(all); throw all",
      );
      for (const line of [
        "[errors][0]:",
        "Uncaught 1",
        "Error: a",
        "Uncaught 'why'",
        "AggregateError: all (shown above)",
      ])
        assert.ok(traceback.includes(line), line);
    });

    it("come from a recursion without end, shown once", async () => {
      const { ename, traceback } = await failure("function f(): number { return f() + 1 }\nf()");
      assert.equal(ename, "RangeError");
      // The stack ends where the function is entered, or at the call in it.
      assert.match(traceback[1]!, /^ {4}at f \(Cell \[1\]:1:(22|31)\)$/);
      const [repeated] = traceback.slice(2).filter((line) => line !== "    at f (Cell [1]:1:31)");
      assert.match(repeated!, /^ {4}… \d+ more like this$/);
    });

    it("were thrown in a module beside the notebook, whose code is shown", async () => {
      const file = join(mkdtempSync(join(tmpdir(), "traceback-")), "module.ts");
      writeFileSync(
        file,
        "interface A { a: 1 }\n\nexport function f(): never {\n  throw new Error('deep');\n}\n",
      );
      const { traceback } = await failure(`import { f } from '${file}';\nf()`);
      rmSync(dirname(file), { recursive: true });
      assert.deepEqual(traceback.slice(1, 3), [`    at f (${file}:4:9)`, "    at Cell [1]:2:1"]);
      assert.ok(traceback.includes("> 4 |   throw new Error('deep');"));
    });

    it("were thrown in Node, whose own frames are left out", async () => {
      const { traceback } = await failure("import fs from 'fs';\nfs.readFileSync('/no/such/file')");
      assert.equal(traceback[1], "    at Cell [1]:2:4");
    });
  });

  describe("names of every cell", () => {
    it("are require, __dirname and __filename, as in a file beside the notebook", async () => {
      assert.equal(await text("const { sep } = require('path'); sep.length"), "1");
      assert.equal(await text("import os = require('node:os'); typeof os.cpus"), "'function'");
      assert.equal(await text("__dirname"), `'${tmpdir()}'`);
      assert.ok(String(await text("__filename")).startsWith(`'${tmpdir()}`));
    });

    it("have the last result in _, unless a cell declares it", async () => {
      await run("20 + 1");
      await run("let nothing");
      assert.equal(await text("_ * 2"), "42");
      await interpreter.evaluate("1");
      assert.equal(await text("_"), "42");
      await run("import _ from 'node:path'");
      await run("5");
      assert.equal(await text("typeof _.join"), "'function'");
    });
  });

  describe("values declared with using", () => {
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
      setTimeout(() => interpreter.interrupt(), 20);
      const outcome = await stopped;
      assert.ok(outcome.status === "error" && outcome.interrupted);
      const failed = run(`${endless} throw new Error('mine')`);
      setTimeout(() => interpreter.interrupt(), 20);
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
