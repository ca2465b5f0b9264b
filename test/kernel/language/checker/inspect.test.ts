import assert from "node:assert/strict";
import { join } from "node:path";

import { directoryWith, Session } from "./support.ts";

describe("hover by types", () => {
  const session = new Session();
  before(() => {
    session.run(
      [
        "/** How many there are. */",
        "let count = 1;",
        "/**",
        " * Adds two numbers.",
        " * @param a the first",
        " * @param b the second",
        " * @returns their sum",
        " */",
        "function add(a: number, b: number): number { return a + b }",
        "class Model<T> {",
        "  /** Fits. */",
        "  fit(x: T) {}",
        "}",
        "const model = new Model<number>();",
      ].join("\n"),
    );
    session.run("import * as path from 'node:path'");
  });

  it("tells type, comment and tags in markdown", () => {
    assert.equal(
      session.markdown("ad|d"),
      [
        "```ts\nfunction add(a: number, b: number): number\n```",
        "Adds two numbers.",
        "*@param* `a` the first",
        "*@param* `b` the second",
        "*@returns* their sum",
      ].join("\n\n"),
    );
  });
  it("tells the same in plain text", () => {
    assert.equal(
      session.inspect("add|")?.data["text/plain"],
      [
        "function add(a: number, b: number): number",
        "Adds two numbers.",
        "@param a the first",
        "@param b the second",
        "@returns their sum",
      ].join("\n\n"),
    );
  });
  it("knows the comment of a variable of an earlier cell", () => {
    assert.equal(session.markdown("cou|nt"), "```ts\nlet count: number\n```\n\nHow many there are.");
  });
  it("knows the comment that a cell begins with", () => {
    session.run("/** Twice. */\nconst twice = add(count, count);");
    assert.match(session.markdown("twice|"), /Twice\./);
    assert.match(session.markdown("/** Thrice. */\nconst thri|ce = add(count, twice);"), /Thrice\./);
  });
  it("tells what a call makes of a generic function", () => {
    session.run("const first = <T,>(list: T[]): T | undefined => list[0];");
    assert.match(session.markdown("firs|t(['a'])"), /<string>\(list: string\[\]\) => string \| undefined/);
  });
  it("counts a place behind a name as on it, also at the end and behind a dot", () => {
    assert.match(session.markdown("count|"), /let count/);
    assert.match(
      session.markdown("model.fit|"),
      /\(method\) Model<number>\.fit\(x: number\): void\n```\n\nFits\./,
    );
    assert.match(session.markdown("|count"), /let count/);
  });
  it("names what an import stands for", () => {
    assert.match(session.markdown("pat|h.join"), /^```ts\nmodule "?path|namespace path|const path/);
    assert.doesNotMatch(session.markdown("pat|h.join"), /alias|import path/);
  });
  it("tells the call around the cursor, whole or not, and the argument", () => {
    for (const code of ["add(|)", "add(|", "add(1, |)", "console.log(add(1,| "]) {
      assert.match(session.markdown(code), /^```ts\nadd\(a: number, b: number\): number\n```/, code);
    }
    assert.match(session.markdown("add(|)"), /`a`: the first/);
    assert.match(session.markdown("add(1, |)"), /`b`: the second/);
  });
  it("adds the source of the definition in detail", () => {
    assert.ok(
      session
        .markdown("add|", 1)
        .endsWith(
          "**Definition**\n\n```ts\nfunction add(a: number, b: number): number { return a + b }\n```",
        ),
    );
    assert.ok(session.markdown("count|", 1).endsWith("**Definition**\n\n```ts\nlet count = 1;\n```"));
    assert.match(session.markdown("path.join|", 1), /@types\/node\/path\.d\.ts\*\*\n\n```ts\njoin\(/);
  });
  it("knows what the kernel gives to cells", () => {
    const text = session.markdown("display|", 1);
    assert.match(text, /^```ts\nconst display: \(value: unknown/);
    assert.match(text, /Shows a value where the code runs/);
    assert.match(text, /jupyter\/display/);
  });
  it("knows declarations that are properties of a type", () => {
    const directory = directoryWith({
      "globals.ts": "export interface Globals {\n  /** Asks. */\n  ask: (question?: string) => string;\n}",
    });
    const from = JSON.stringify(join(directory, "globals.ts"));
    const text = `export {};\ndeclare global { const ask: import(${from}).Globals["ask"]; }`;
    const asking = new Session({}, { ambient: [{ path: join(directory, "ambient.d.ts"), text }] });
    assert.deepEqual(asking.errors("ask(1)"), ["TS2345 at 1"]);
    assert.match(asking.markdown("ask|"), /ask: \(question\?: string\) => string\n```\n\nAsks\./);
  });
  it("counts UTF-16 units behind astral characters", () => {
    assert.match(session.markdown("'😀😀'; coun|t"), /let count/);
  });
  it("names the value to ask where the type says nothing", () => {
    session.run("const odd: any = {}");
    assert.equal(session.untyped("odd|"), "odd");
    assert.equal(session.untyped("1 + odd.inner.f| + 1"), "odd.inner.f");
    assert.equal(session.untyped("odd.in|ner.f"), "odd.inner");
    assert.equal(session.untyped("unheardOf|"), "unheardOf");
    for (const code of ["count|", "odd().f|", "'odd|'", "// odd|", "5|", "(odd: any) => odd|"])
      assert.equal(session.untyped(code), undefined, code);
  });
  it("tells nothing where nothing is", () => {
    assert.equal(session.inspect("1 + |"), undefined);
    assert.equal(session.inspect("|"), undefined);
    assert.equal(session.inspect("// count|"), undefined);
  });
});
