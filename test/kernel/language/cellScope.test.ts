import assert from "node:assert/strict";

import { PlainSession, runCells, specifyValues } from "./support.ts";

describe("names of a session", () => {
  specifyValues([
    ["outlive their cell", ["let a = 1", "a"], 1],
    [
      "may be declared again with another kind",
      ["let a = 1", "const a = 2", "function a() { return 3 }", "class A {}; var a = 4", "a"],
      4,
    ],
    [
      "are seen by older functions with their newest value",
      ["let a = 1; const f = () => a", "const a: string = 'new'", "f()"],
      "new",
    ],
    ["are changed by older functions", ["let n = 0; function inc() { n++ }", "inc(); inc(); n"], 2],
    [
      "may be used before the cell that declares them has run",
      ["const f = () => later + 1", "const later = 1", "f()"],
      2,
    ],
    [
      "may be called like Node's globals, which stay as they are",
      [
        "const process = 1, name = 2, performance = 3, crypto = 4",
        "[process, name, performance, crypto, typeof globalThis.process.pid]",
      ],
      [1, 2, 3, 4, "number"],
    ],
    [
      "do not reach the global object",
      [
        "var leak1 = 1; let leak2 = 2; function leak3() {}",
        "['leak1', 'leak2', 'leak3'].some((name) => name in globalThis)",
      ],
      false,
    ],
    [
      "may be called `$`, `$k` and `$f`, as what the kernel adds is called",
      [
        "const $ = 1; let $k = 2; let $f = [2]; for (let i = 0; i < 1; i++) $k += $",
        "const g = ($: number) => $ + $k; [$, $k, g(5)]",
      ],
      [1, 3, 8],
    ],
    [
      "are undefined for typeof before they are declared",
      ["[typeof nobody, typeof nobody === 'undefined']"],
      ["undefined", true],
    ],
    ["have a type for typeof afterwards", ["let a = 1", "typeof a"], "number"],
    [
      "are found on the global object when a cell puts them there",
      ["globalThis.added = 5; added", "const r = added; delete globalThis.added; r"],
      5,
    ],
  ]);

  it("throw ReferenceError when no cell has declared them, for reading and for writing", () => {
    assert.throws(() => runCells("missing + 1"), {
      name: "ReferenceError",
      message: "missing is not defined",
    });
    assert.throws(() => runCells("missing = 1"), {
      name: "ReferenceError",
      message: "missing is not defined",
    });
  });

  it("stay undeclared when their cell fails before it reaches them", () => {
    const session = new PlainSession();
    assert.throws(() => session.run("JSON.parse('{'); let a = 1"));
    assert.throws(() => session.run("a"), { name: "ReferenceError" });
  });
});

describe("declarations", () => {
  specifyValues([
    ["without a value give undefined", ["let a = 1", "let a: number | undefined; a"], undefined],
    ["come in lists", ["let a = 1, b = a + 1, c; [a, b, c]"], [1, 2, undefined]],
    [
      "take objects apart",
      [
        "const { a, b: [c = 2, ...d], e = 5, ...rest } = { a: 1, b: [undefined, 3, 4], x: 9, y: 8 }",
        "[a, c, d, e, rest]",
      ],
      [1, 2, [3, 4], 5, { x: 9, y: 8 }],
    ],
    ["take arrays apart", ["let [a, , [b], c = 7] = [1, 2, [3]]", "[a, b, c]"], [1, 3, 7]],
    [
      "take apart after a line without semicolon",
      ["const s = 'x'\nconst { length } = s\nconst [first] = s\n;[length, first]"],
      [1, "x"],
    ],
    ["compute keys", ["const k = 'a'; const { [k]: v } = { a: 1 }; v"], 1],
    ["of functions are hoisted", ["const v = f(); function f() { return 1 }; v"], 1],
    ["of functions in blocks stay there", ["{ function f() { return 1 } f() } typeof f"], "undefined"],
    [
      "of var in blocks belong to the session",
      ["if (true) { var a = 1 } for (var i = 0, j = 9; i < 3; i++); ", "[a, i, j]"],
      [1, 3, 9],
    ],
    [
      "of var in loops over things",
      ["for (var k in { x: 1 }); for (var v of [1, 2]); for (var { length } of ['abc']);", "[k, v, length]"],
      ["x", 2, 3],
    ],
    [
      "of var before their line are undefined",
      ["const before = typeof a; var a = 1; [before, a]"],
      ["undefined", 1],
    ],
    ["of var twice keep the value, also of an earlier cell", ["var a = 1; var a", "var a = a + 1; a"], 2],
    ["of let in loops stay there", ["let i = 'kept'; for (let i = 0; i < 2; i++); i"], "kept"],
    [
      "in functions stay there",
      ["let a = 1; function f(b = a) { let a = 5; var c = a + b; return c }; [f(), a]"],
      [6, 1],
    ],
    ["of parameters hide the session's names", ["let a = 1; const f = (a: number) => a * 2; f(4)"], 8],
    ["of catch hide the session's names", ["let e = 1; try { throw 2 } catch (e) { e } e"], 1],
    [
      "of classes refer to themselves",
      ["class A { static made = 0; static make() { A.made++; return new A() } }", "A.make(); A.made"],
      1,
    ],
    [
      "of classes extend earlier ones, with private fields",
      [
        "class A { #x = 1; get x() { return this.#x } }",
        "class B extends A { y = super.x + 1 }",
        "new B().y",
      ],
      2,
    ],
    [
      "name their functions and classes",
      [
        "const f = () => 1, g = function () {}, C = class {}; let h; h = () => 2; [f.name, g.name, C.name, h.name]",
      ],
      ["f", "g", "C", "h"],
    ],
    [
      "may be exported",
      [
        "export const a = 1; export function f() { return 2 } export class C {} export default 3",
        "[a, f(), typeof C]",
      ],
      [1, 2, "function"],
    ],
    ["exported as default are a result", ["export default 1 + 1"], 2],
    ["exported by name are no result", ["let a = 1; export { a }; export type { B } from './b'"], undefined],
  ]);
});
