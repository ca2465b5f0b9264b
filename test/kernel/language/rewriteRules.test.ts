import { specifyValues } from "./support.ts";

describe("expressions", () => {
  specifyValues([
    ["call functions of the session without a this", ["function f() { return this }", "f()"], undefined],
    [
      "call them with spread and optionally",
      [
        "const f = (...n: number[]) => n.length; let none: undefined | (() => 1)",
        "[f(...[1, 2]), f?.(1), none?.()]",
      ],
      [2, 1, undefined],
    ],
    [
      "tag templates",
      ["const tag = (s: TemplateStringsArray, v: number) => s.join('|') + v; tag`a${1}b`"],
      "a|b1",
    ],
    ["use shorthand properties", ["const a = 1, b = 2; ({ a, b, c: a })"], { a: 1, b: 2, c: 1 }],
    [
      "assign by taking apart",
      ["let a = 1, b = 2; [a, b] = [b, a]; ({ a, b: [b] = [5] } = { a: 7 }); [a, b]"],
      [7, 5],
    ],
    ["assign with defaults in shorthand", ["let a: number; ({ a = 4 } = {}); a"], 4],
    ["count and combine", ["let a = 1; a++; ++a; a += 2; a **= 2; a ??= 1; -a--"], -25],
    ["make new objects", ["class A { constructor(readonly n = 1) {} }", "new A(2).n + new A().n"], 3],
    ["leave labels and property names alone", ["let a = 1; a: for (;;) { break a } ({ a: 2 }).a"], 2],
    ["start a line after one without semicolon", ["let a = 1\nconst f = () => 5\nlet b = a\nf()"], 5],
    ["are the bodies of statements", ["const f = () => 6; let r; if (true) r = f(); else f()\nr"], 6],
    ["have an import.meta", ["import.meta.filename"], "/session/cell-1.ts"],
    ["import at any place", ["(await import('./x.ts')).specifier"], "./x.ts"],
    ["await in loops", ["let n = 0; for await (const x of [1, Promise.resolve(2)]) n += x; n"], 3],
    [
      "yield and await in functions",
      [
        "async function* g() { yield 1; yield await Promise.resolve(2) }",
        "const r = []; for await (const x of g()) r.push(x); r",
      ],
      [1, 2],
    ],
    ["run in strict mode", ["(function () { return this })()"], undefined],
  ]);
});
