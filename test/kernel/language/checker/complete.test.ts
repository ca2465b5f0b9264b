import assert from "node:assert/strict";

import { Session } from "./support.ts";

describe("completion by types", () => {
  const session = new Session({
    "util.ts": "export const util = 1;",
    "node_modules/some-pkg/package.json": '{ "name": "some-pkg", "types": "a.d.ts" }',
    "node_modules/some-pkg/a.d.ts":
      "export declare function alpha(a: number): string; export interface Beta {}",
  });
  before(() => {
    session.run(
      [
        "class Model { layers = [1]; fit(x: number, y?: string): Promise<void> { return Promise.resolve() } get name() { return 'a' } }",
        "const model = new Model(); let modelCount = 1; function modelOf() {} enum Mode { On, Off } interface ModelShape { a: number }",
        "const maybe = [model].find(() => true); let anything: any = 1; const odd = { 'a b': 1, ab: 2 };",
        "type Color = 'red' | 'green'; const paint = (color: Color, options: { width?: number; height?: number }) => {};",
      ].join("\n"),
    );
    session.run("import * as path from 'node:path'; import { alpha } from 'some-pkg'");
  });

  it("offers members with their types", () => {
    assert.deepEqual(session.complete("model.|"), {
      start: 6,
      end: 6,
      matches: [
        { text: "fit", type: "method", signature: "(x: number, y?: string | undefined) => Promise<void>" },
        { text: "layers", type: "property", signature: "number[]" },
        { text: "name", type: "property", signature: "string" },
      ],
    });
  });
  it("offers what begins with exactly what is typed", () => {
    assert.deepEqual(session.complete("model.la|"), {
      start: 6,
      end: 8,
      matches: [{ text: "layers", type: "property", signature: "number[]" }],
    });
    assert.deepEqual(session.names("model.La|"), []);
    assert.deepEqual(session.names("model.ayers|"), []);
  });
  it("offers the session's names with what they are", () => {
    const kinds = session.complete("mode|").matches.map(({ text, type }) => `${text}: ${type}`);
    assert.deepEqual(kinds.sort(), ["model: constant", "modelCount: variable", "modelOf: function"]);
    assert.equal(session.match("Mo|", "Model")?.type, "class");
    assert.equal(session.match("Mo|", "Mode")?.type, "enum");
    assert.equal(session.match("let x: Mod|", "ModelShape")?.type, "interface");
    assert.equal(session.match("let x: Col|", "Color")?.type, "type");
    assert.equal(session.match("pai|", "paint")?.type, "function");
    assert.equal(session.match("pat|", "path")?.type, "module");
    assert.deepEqual(session.match("alp|", "alpha"), {
      text: "alpha",
      type: "function",
      signature: "(a: number) => string",
    });
  });
  it("offers globals and keywords, and nothing of its own", () => {
    assert.deepEqual(session.match("conso|", "console"), {
      text: "console",
      type: "variable",
      signature: "Console",
    });
    assert.equal(session.match("funct|", "function")?.type, "keyword");
    assert.equal(session.match("disp|", "display")?.type, "function");
    assert.deepEqual(session.names("convoscope|"), []);
    assert.deepEqual(
      session.names("_|").filter((name) => !name.startsWith("__")),
      [],
    );
  });
  it("offers names of the cell that is being written", () => {
    assert.deepEqual(session.names("const lengthy = 1;\nlengt|"), ["lengthy"]);
    assert.deepEqual(session.names("const lengthy = { inner: 1 };\nlengthy.in|"), ["inner"]);
  });
  it("offers members of what may be undefined", () => {
    assert.deepEqual(session.names("maybe.f|"), ["fit"]);
  });
  it("leaves out names that cannot stand behind a dot", () => {
    assert.deepEqual(session.names("odd.|"), ["ab"]);
  });
  it("offers members of strings, of results and of types of libraries", () => {
    assert.deepEqual(session.names("'a'.toUp|"), ["toUpperCase"]);
    assert.deepEqual(session.names("path.join('a').toUp|"), ["toUpperCase"]);
    assert.ok(session.names("new Map<string, number>().|").includes("get"));
  });
  it("counts the overloads of a function", () => {
    const signature = session.match("[1].redu|", "reduce")?.signature;
    assert.match(signature!, /^\(callbackfn: .*\): number \(\+2 overloads\)$/);
  });
  it("works while the cell is broken", () => {
    assert.deepEqual(session.names("if (model.fi|"), ["fit"]);
    assert.deepEqual(session.names("foo(model.la|\nconst z = 1;"), ["layers"]);
    assert.deepEqual(session.names("const r = [1, 2].map((n) => n.toFi|"), ["toFixed"]);
    assert.deepEqual(session.names("const model2 = model.|").length, 3);
  });
  it("counts UTF-16 units behind astral characters", () => {
    const { start, end, matches } = session.complete("const s = '😀'; model.la|");
    assert.deepEqual([start, end, matches.length], [22, 24, 1]);
  });
  it("offers keys of objects and arguments that are one of some strings", () => {
    assert.deepEqual(session.names("paint('red', { | })"), ["height", "width"]);
    assert.deepEqual(session.names("paint('red', { he|"), ["height"]);
    assert.deepEqual(session.names("paint('|')"), ["red", "green"]);
    assert.deepEqual(session.complete("paint('gr|')"), {
      start: 7,
      end: 9,
      matches: [{ text: "green", type: "text", signature: "" }],
    });
  });
  it("offers paths, packages and modules of Node in imports", () => {
    assert.ok(session.names("import x from './|'").includes("util"));
    assert.ok(session.names("import x from '|'").includes("convoscope"));
    assert.ok(!session.names("import x from './|'").includes("convoscope"));
    assert.deepEqual(session.complete("import x from './ut|"), {
      start: 17,
      end: 19,
      matches: [{ text: "util", type: "path", signature: "" }],
    });
    assert.ok(session.names("import x from '|'").includes("some-pkg"));
    assert.deepEqual(session.names("import x from 'some|'"), ["some-pkg"]);
    assert.deepEqual(session.names("import x from 'conv|'"), ["convoscope"]);
    assert.deepEqual(session.names("import x from 'node:worker|'"), ["node:worker_threads"]);
    assert.deepEqual(session.names("await import('some|')"), ["some-pkg"]);
    assert.deepEqual(session.names("const text = 'conv|'"), []);
  });
  it("offers what a module exports", () => {
    assert.deepEqual(
      session.names("import { | } from 'some-pkg'").filter((name) => name !== "type"),
      ["alpha", "Beta"],
    );
    assert.deepEqual(session.names("import { al| } from 'some-pkg'"), ["alpha"]);
  });
  it("names the value whose members its type does not know", () => {
    assert.equal(session.complete("anything.|").receiver, "anything");
    assert.equal(session.complete("anything.inner.f|").receiver, "anything.inner");
    assert.equal(session.complete("unheardOf.|").receiver, "unheardOf");
    assert.equal(session.complete("model.zzz|").receiver, undefined);
    assert.equal(session.complete("anything().|").receiver, undefined);
    assert.equal(session.complete("'anything.|'").receiver, undefined);
    assert.equal(session.complete("unheard|").receiver, undefined);
    assert.equal(session.complete("anything.inner['f|']").receiver, "anything.inner");
    assert.equal(session.complete("anything[f|]").receiver, undefined);
  });
});
