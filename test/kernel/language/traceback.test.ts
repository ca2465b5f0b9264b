import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { freshInterpreter } from "./freshInterpreter.ts";

describe("tracebacks", () => {
  const { run, failure } = freshInterpreter();

  it("name the cell, line and column of the source, with the code around", async () => {
    const { ename, evalue, traceback } = await failure(
      "interface A { a: number }\n\nfunction f(a: A): void {\n  throw new TypeError(`bad ${a.a}`);\n}\nf({ a: 1 });",
    );
    assert.deepEqual([ename, evalue], ["TypeError", "bad 1"]);
    // The test and its helper are among the callers.
    const lines = traceback.filter((line) => !line.includes(import.meta.dirname));
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

  it("name the cell again when a library has had stacks its own way for a moment", async () => {
    const theirs = "Error.prepareStackTrace = () => 'theirs'; const text = new Error('e').stack;";
    await run(`${theirs} Error.prepareStackTrace = undefined`);
    assert.ok((await failure("throw new Error(text)")).traceback.includes("    at Cell [2]:1:7"));
    await run(`const before = Error.prepareStackTrace; ${theirs} Error.prepareStackTrace = before`);
    const { evalue, traceback } = await failure("throw new Error(text)");
    assert.equal(evalue, "theirs");
    assert.ok(traceback.includes("    at Cell [4]:1:7"));
  });

  it("name each await that a function of a cell, or the cell, was at", async () => {
    await run(
      "class A {\n  async m(n: number): Promise<void> {\n    await null; if (n > 0) await this.m(n - 1);\n    throw new Error('deep');\n  }\n}",
    );
    await run(
      "const f = async () => await\n  new A().m(1);\nasync function all() { await 1; await Promise.all([f()]) }",
    );
    const { traceback } = await failure("await 1; await 2;\nfor (const g of [all]) { await 3; await g() }");
    assert.deepEqual(traceback.slice(0, 7), [
      "Error: deep",
      "    at A.m (Cell [1]:4:11)",
      "    at async A.m (Cell [1]:3:28)",
      "    at async f (Cell [2]:1:23)",
      "    at async Promise.all (index 0)",
      "    at async all (Cell [2]:3:33)",
      "    at async Cell [3]:2:35",
    ]);
  });

  it("show causes and the errors of an AggregateError", async () => {
    const { traceback } = await failure("throw new Error('outer', { cause: new RangeError('inner') })");
    assert.ok(traceback.includes("Caused by:") && traceback.includes("RangeError: inner"));
    const many = await failure("throw new AggregateError([new Error('one'), new TypeError('two')], 'many')");
    assert.ok(many.traceback.includes("Error: one") && many.traceback.includes("TypeError: two"));
  });

  it("show what else an error bears, as its code", async () => {
    const { traceback } = await failure("await (await import('node:fs/promises')).readFile('nowhere')");
    const shown = "    { errno: -2, code: 'ENOENT', syscall: 'open', path: 'nowhere' }";
    assert.equal(traceback.at(-1), shown);
    const { traceback: plain } = await failure(
      "throw Object.assign(new Error('e'), { status: 404, body: undefined })",
    );
    assert.equal(plain.at(-1), "    { status: 404 }");
    const asking =
      "throw Object.defineProperty(new Error('e'), 'a', { enumerable: true, get() { throw 1 } })";
    assert.equal((await failure(asking)).evalue, "e");
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

describe("tracebacks of odd values", () => {
  const { text, failure } = freshInterpreter();

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
