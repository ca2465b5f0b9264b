import assert from "node:assert/strict";
import { tmpdir } from "node:os";

import { freshInterpreter } from "./freshInterpreter.ts";

describe("TypeScriptInterpreter", () => {
  const session = freshInterpreter();
  const { run, text } = session;

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

    it("are functions and classes by the names that they have, and no others", async () => {
      assert.equal(await text("(a, b) => a"), "[Function: (a, b)]");
      assert.equal(await text("(class {})"), "[class (anonymous)]");
      assert.equal(await text("const f = () => 1; f"), "[Function: f()]");
    });

    it("may be the global object", async () => {
      assert.match(String(await text("globalThis")), /^<ref \*1> Object \[global\] \{/);
    });

    it("are missing for undefined", async () => {
      assert.deepEqual(await run("undefined"), { status: "ok" });
      assert.deepEqual(await run("let a = 1"), { status: "ok" });
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
      await session.interpreter.evaluate("1");
      assert.equal(await text("_"), "42");
      await run("import _ from 'node:path'");
      await run("5");
      assert.equal(await text("typeof _.join"), "'function'");
    });
  });

  describe("user expressions", () => {
    it("see the session and fail on their own", async () => {
      await run("const a = 20");
      const good = await session.interpreter.evaluate("a + 1");
      assert.ok(good.status === "ok" && good.result?.data["text/plain"] === "21");
      const bad = await session.interpreter.evaluate("b +");
      assert.equal(bad.status, "error");
    });
  });
});
