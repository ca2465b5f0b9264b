import assert from "node:assert/strict";
import { Script } from "node:vm";
import fc from "fast-check";

import { CellError } from "../../../src/kernel/language/cellError.ts";
import { offsetOf, toSource } from "../../../src/kernel/language/sourceMap.ts";
import { transform } from "../../../src/kernel/language/transform.ts";
import { PlainSession, runCells } from "./support.ts";

/** Values as plain data: cells make their objects with this realm's constructors, their classes aside. */
type Case = [title: string, cells: string[], value: unknown];

function specify(cases: Case[]): void {
  for (const [title, cells, value] of cases) {
    it(title, async () => assert.deepEqual(await runCells(...cells), value));
  }
}

function cellError(source: string, ...before: string[]): CellError {
  const session = new PlainSession();
  for (const cell of before) session.run(cell);
  try {
    session.run(source);
  } catch (error) {
    if (error instanceof CellError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: `no error in ${source}` });
}

describe("a cell's result", () => {
  specify([
    ["is its last expression", ["1; 2"], 2],
    ["is there below the first line of a script", ["#!/usr/bin/env node\n1 + 1"], 2],
    ["is there also before a semicolon, empty statements and comments", ["1 + 1;; // two"], 2],
    ["is the string of a lone directive", ['"use strict"'], "use strict"],
    ["is an object in brackets", ["({ a: 1 })"], { a: 1 }],
    ["is the last of a sequence", ["(1, 2)"], 2],
    ["is an assignment's value", ["let a = 1; a = 5"], 5],
    ["is nothing after a declaration", ["1; let a = 2"], undefined],
    ["is nothing after a block", ["{ 1 }"], undefined],
    ["is nothing in an empty cell", ["// nothing"], undefined],
    ["is awaited when the cell says so", ["await Promise.resolve(3)"], 3],
    ["survives an await before it", ["await null; 4"], 4],
  ]);

  it("is the promise itself without await", async () => {
    const value = runCells("Promise.resolve(3)");
    assert.ok(value instanceof Promise);
    assert.equal(await value, 3);
  });
});

describe("names of a session", () => {
  specify([
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
  specify([
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

describe("expressions", () => {
  specify([
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

describe("types", () => {
  specify([
    [
      "vanish",
      [
        "interface A { a: number } type B = A | null; declare const d: number; let x = { a: 1 } as A satisfies A; x!.a",
      ],
      1,
    ],
    ["may be used across cells", ["interface A { a: number }", "const x: A = { a: 1 }; x.a"], 1],
    [
      "of generics and overloads vanish",
      [
        "function f(x: string): string; function f(x: number): number; function f<T>(x: T): T { return x } f<number>(1)",
      ],
      1,
    ],
    [
      "of enums are values",
      ["enum E { A, B = 5, C } const enum K { X = 'x' }", "[E.A, E.C, E[5], K.X]"],
      [0, 6, "B", "x"],
    ],
    [
      "of enums may be declared again without the old members",
      ["enum E { A }", "enum E { B }", "[E.B, 'A' in E]"],
      [0, false],
    ],
    [
      "of namespaces are values",
      ["namespace N { export const a = 1; export function f() { return a } }", "N.f() + N.a"],
      2,
    ],
    [
      "of parameters make properties",
      [
        "class P { constructor(private q: number, public readonly w = 2) {} sum() { return this.q + this.w } } new P(1).sum()",
      ],
      3,
    ],
    [
      "of abstract classes vanish",
      [
        "abstract class A { abstract m(): number; declare z: string; n() { return this.m() } } class B extends A { m() { return 4 } } new B().n()",
      ],
      4,
    ],
    [
      "of this parameters vanish",
      ["function f(this: { v: number }, n: number) { return this.v + n } f.call({ v: 1 }, 2)"],
      3,
    ],
  ]);
});

describe("imports of a cell", () => {
  const imports = (source: string): unknown =>
    transform(source, { filename: "cell.ts", session: new PlainSession().scope }).imports.map(
      ({ specifier, attributes, names }) => ({
        specifier,
        attributes,
        names: names.map(({ imported, local }) => `${imported} as ${local}`),
      }),
    );

  it("are listed in their order, with what they take", () => {
    const source = `import a, { b, c as d, default as e } from "one";
      import * as n from "./two.ts"; import "three"; import json from "./j.json" with { type: "json" }; export * from "four"`;
    assert.deepEqual(imports(source), [
      { specifier: "one", attributes: {}, names: ["default as a", "b as b", "c as d", "default as e"] },
      { specifier: "./two.ts", attributes: {}, names: ["* as n"] },
      { specifier: "three", attributes: {}, names: [] },
      { specifier: "./j.json", attributes: { type: "json" }, names: ["default as json"] },
      { specifier: "four", attributes: {}, names: [] },
    ]);
  });

  it("of types only are dropped", () => {
    assert.deepEqual(imports('import type { A } from "a"; import { type B, c } from "b"'), [
      { specifier: "b", attributes: {}, names: ["c as c"] },
    ]);
  });

  it("tell which names are mentioned only as types", () => {
    const { imports: all } = transform("import { A, B, C } from 'a'; let a: A = B;", {
      filename: "c.ts",
      session: new PlainSession().scope,
    });
    assert.deepEqual(
      all[0]!.names.map(({ usedAsType }) => usedAsType),
      [true, false, false],
    );
  });

  it("know where they stand", () => {
    const source = "let a: number = 1;\nimport { b } from 'b'";
    const [request] = transform(source, { filename: "c.ts", session: new PlainSession().scope }).imports;
    assert.equal(source.slice(request!.offset, request!.offset + 6), "import");
    assert.equal(source[request!.names[0]!.offset], "b");
  });
});

describe("mistakes found before a cell runs", () => {
  it("are syntax errors with their place", () => {
    const error = cellError("let ok: number = 1;\nlet a = ;");
    assert.deepEqual([error.name, error.offset], ["SyntaxError", 28]);
  });

  it("count in UTF-16 units", () => {
    assert.equal(cellError('let s = "😀é"; a b').offset, 16);
  });

  it("are names declared twice in one cell", () => {
    const error = cellError("let a = 1; let a = 2");
    assert.match(error.message, /already been declared/);
    assert.equal(error.offset, 15);
  });

  it("are writes to constants, of this cell and of earlier ones", () => {
    const error = cellError("const a: number = 1;\nfunction f() { a = 2 }");
    assert.deepEqual(
      [error.name, error.message, error.offset],
      ["TypeError", "Assignment to constant variable 'a'.", 36],
    );
    assert.equal(cellError("a++", "const a = 1").offset, 0);
    assert.equal(cellError("fs = 1; import fs from 'fs'").name, "TypeError");
  });

  it("are return outside functions, delete of a name, and with", () => {
    for (const source of ["return 5", "let a; delete a", "with (Math) {}"])
      assert.equal(cellError(source).name, "SyntaxError");
  });

  it("change nothing in the session", () => {
    const session = new PlainSession();
    session.run("let a = 1");
    assert.throws(() => session.run("const a = 2; let b = ;"), CellError);
    assert.equal(session.run("a = 3; a"), 3);
  });
});

describe("the map of a cell", () => {
  const positions: [string, string, string][] = [
    ["a call", "const f = (n: number): number => n;\nlet x: string = 'a';\n  f(MARK.b);", "MARK"],
    [
      "a throw behind an interface",
      "interface A {\n  a: number;\n}\n\nfunction g(a: A): void {\n  throw new MARK('x');\n}",
      "MARK",
    ],
    ["code behind an enum", "enum E { A, B }\nclass C<T> { m(x: T) { return MARK } }", "MARK"],
    [
      "code behind an await and an import",
      "import a from 'a';\nconst x: number = await a<string>(MARK)",
      "MARK",
    ],
  ];
  for (const [what, source, mark] of positions) {
    it(`finds ${what} in the cell's own lines`, () => {
      const cell = transform(source, { filename: "cell.ts", session: new PlainSession().scope });
      const at = cell.code.indexOf(mark);
      const before = cell.code.slice(0, at).split("\n");
      const position = toSource(cell.map(), { line: before.length, column: before.at(-1)!.length });
      assert.equal(position && offsetOf(source, position), source.indexOf(mark));
    });
  }
});

describe("a loop", () => {
  it("asks the flags each time whether it is to stop", () => {
    const session = new PlainSession();
    session.run("let stops = 0, rounds = 0");
    const kinds = [
      "for (let i = 0; i < 3; i++) rounds++",
      "for (const x of [1, 2, 3]) { rounds++ }",
      "for (const x in { a: 1, b: 2, c: 3 }) rounds++",
      "let i = 0; while (i++ < 3) { rounds++ }",
      "let i = 0; do rounds++; while (++i < 3)",
    ];
    for (const kind of kinds) session.run(`{ ${kind} }`);
    assert.equal(session.run("rounds"), 3 * kinds.length);
  });
});

describe("cells", () => {
  // Statements of many forms over few names: each needs only that its names are declared before.
  const name = fc.constantFrom("a", "b", "c");
  const number = fc.integer({ min: -9, max: 9 });
  const statement = fc.oneof(
    fc.tuple(name, number).map(([n, v]) => `var ${n} = ${v};`),
    fc.tuple(name, name).map(([n, m]) => `${n} = ${m} + 1;`),
    fc.tuple(name, name).map(([n, m]) => `[${n}, ${m}] = [${m}, ${n}];`),
    fc.tuple(name, name).map(([n, m]) => `({ ${n}, ${m} = 3 } = { ${n}: ${m} });`),
    fc.tuple(name, name).map(([n, m]) => `var { x: ${n}, ${m} = ${n} } = { x: ${m} };`),
    fc
      .tuple(name, name)
      .map(([n, m]) => `for (var ${n} = 0; ${n} < 3; ${n}++) { ${m === n ? "" : `${m} += ${n};`} }`),
    fc.tuple(name, number).map(([n, v]) => `for (var ${n} of [${v}, 1]) { log.push(${n}) }`),
    fc.tuple(name, name).map(([n, m]) => `log.push(((${n}) => { ${n} += ${m}; return ${n} })(${m}));`),
    fc.tuple(name, name).map(([n, m]) => `{ let ${n} = 2; { const ${m} = 5; log.push(${n}, ${m}) } }`),
    fc.tuple(name, name).map(([n, m]) => `log.push({ ${n}, y: ${m} }.${n}, \`\${${m}}\`, typeof ${n});`),
    fc.tuple(name, name).map(([n, m]) => `try { throw ${n} } catch (${m}) { log.push(${m}) }`),
    fc.tuple(name, name).map(([n, m]) => `if (${n} > ${m}) ${n}--; else ${m}++;`),
  );
  const end = "log.push(a, b, c);";

  it("do the same whether their statements stand in one cell or in many, and the same as JavaScript", () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 12 }), (statements) => {
        const all = ["var log = [], a = 1, b = 2, c = 3;", ...statements, end];
        const split = new PlainSession();
        for (const each of all) split.run(each);
        const expected: unknown = new Script(`(() => { ${all.join("\n")} return log })()`).runInThisContext();
        assert.deepEqual(split.run("log"), expected);
        assert.deepEqual(runCells(`${all.join("\n")}\nlog`), expected);
      }),
      { numRuns: 60 },
    );
  });
});
