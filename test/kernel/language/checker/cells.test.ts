import assert from "node:assert/strict";

import { Session } from "./support.ts";

/** Cells that run one after the other, and what is wrong with the last. */
function lastOf(...cells: string[]): string[] {
  const session = new Session();
  return cells.map((cell) => session.errors(cell)).at(-1)!;
}

describe("types of cells", () => {
  describe("one cell", () => {
    const fine = [
      "await Promise.resolve(1)",
      "for await (const x of [1]) x",
      "1 + 1",
      "1, 2",
      "const unused = 1; function f(a: number, b: number) { return a }",
      "export const a = 1; export default 2",
      "const a = 1; export { a }; export { a as b }",
      "let x; x = 1; x.toFixed()",
      "const add = (a, b) => a + b; add(1, 2)",
      "try { JSON.parse('') } catch (error) { error.message }",
      "function f(a: string): string; function f(a: number): number; function f(a: any) { return a } f(1).toFixed()",
      "namespace N { export const a = 1 } namespace N { export const b = 2 } N.a + N.b",
      "var v = 1; var v = 2",
      "enum E { A, B } E.A",
      "console.log(process.argv, Buffer.from('a'), new URL('http://a'), fetch, setTimeout, structuredClone)",
      "using file = { [Symbol.dispose]() {} }",
      "await display(1, { displayId: 'a' })",
      "// @ts-expect-error\nconst n: number = 'a'",
      "// @ts-ignore\nconst n: number = 'a'",
      "const { a, b: [c], ...d } = { a: 1, b: [2], e: 3 }",
      "import fs, { readFileSync } from 'node:fs'; import * as path from 'path'; import type { Stats } from 'fs'",
      "label: for (;;) break label",
      "import fs = require('node:fs'); fs.readFileSync",
      "// a comment at the end",
    ];
    for (const code of fine) {
      it(`finds nothing in ${JSON.stringify(code)}`, () => assert.deepEqual(lastOf(code), []));
    }

    it("says what is wrong and where, in the cell's own offsets", () => {
      assert.deepEqual(new Session().run('const a = 1;\nlet n: number = "a";'), [
        {
          code: 2322,
          category: "error",
          message: "Type 'string' is not assignable to type 'number'.",
          start: 17,
          length: 1,
        },
      ]);
    });
    it("gives the reasons of a reason, a line each", () => {
      const [diagnostic] = new Session().run("const f: () => number = () => Promise.resolve('a');");
      assert.equal(diagnostic!.message.split("\n").length, 1);
      const [nested] = new Session().run("const f: (a: { b: number }) => void = (a: { b: string }) => {};");
      assert.match(nested!.message, /^Type .*\n {2}Types of parameters/);
    });
    it("counts UTF-16 units behind astral characters", () => {
      assert.deepEqual(lastOf("const s = '😀😀'; s.nothing"), ["TS2339 at nothing"]);
    });
    it("does not know the browser's globals, and knows undefined", () => {
      assert.deepEqual(lastOf("document.title"), ["TS2584 at document"]);
      assert.deepEqual(lastOf("[1].find((n) => n > 1).toFixed()"), ["TS2532 at [1].find((n) => n > 1)"]);
    });
    it("says nothing of a cell that cannot be parsed, which the kernel reports", () => {
      assert.deepEqual(lastOf("let n: number = 'a'; let ="), []);
    });
  });

  describe("several cells", () => {
    const fine: [string, string[]][] = [
      ["a variable of an earlier cell is assigned", ["let x = 1", "x = 2; x++"]],
      ["a name is declared again with another type", ["const x = 1", "const x = 'a'", "x.toUpperCase()"]],
      ["a function becomes a variable", ["function f() { return 1 }", "let f = 's'", "f.toUpperCase()"]],
      ["a class is used as value and as type", ["class A { a = 1 }", "const a: A = new A(); a.a.toFixed()"]],
      [
        "a class is extended",
        [
          "class A<T> { constructor(readonly v: T) {} }",
          "class B extends A<number> {}",
          "new B(1).v.toFixed()",
        ],
      ],
      ["generics survive", ["const first = <T>(list: T[]) => list[0]!", "first(['a']).toUpperCase()"]],
      ["enums are values and types", ["enum E { A, B }", "const e: E = E.A"]],
      [
        "namespaces",
        ["namespace N { export interface I { a: number } export const b = 1 }", "const i: N.I = { a: N.b }"],
      ],
      [
        "interfaces and aliases",
        ["interface I { a: number } type U = 'x' | 'y'", "const i: I = { a: 1 }; const u: U = 'x'"],
      ],
      ["a constant and a type of one name", ["const Z = { a: 1 }; type Z = typeof Z", "const z: Z = Z"]],
      [
        "imports",
        [
          "import * as path from 'node:path'; import { readFileSync as read } from 'fs'",
          "path.join('a'); read('a')",
        ],
      ],
      [
        "type imports",
        ["import type { Stats } from 'node:fs'", "function f(s: Stats) { return s.size.toFixed() }"],
      ],
      ["names of patterns", ["const { a, b: [c], ...d } = { a: 1, b: [2], e: 3 }", "a + c + d.e"]],
      [
        "var in blocks and loops",
        ["for (var i = 0; i < 3; i++) { var last = 'a' }", "i.toFixed(); last.toUpperCase()"],
      ],
      ["exported names", ["export const a = 1; export function f() { return a }", "f() + a"]],
      [
        "assertion functions",
        [
          "function isString(x: unknown): asserts x is string {}",
          "const v: unknown = 'a'; isString(v); v.length",
        ],
      ],
      ["a unique symbol", ["const key = Symbol()", "const o = { [key]: 1 }; o[key].toFixed()"]],
      ["a global of Node is declared anew", ["const process = 1", "process.toFixed()"]],
      ["a name of the kernel is declared anew", ["const display = 1", "display.toFixed()"]],
    ];
    for (const [title, cells] of fine) it(title, () => assert.deepEqual(lastOf(...cells), []));

    it("a variable keeps its type", () => {
      assert.deepEqual(lastOf("let x = 1", "x = 'a'"), ["TS2322 at x"]);
    });
    it("a constant cannot be assigned", () => {
      assert.deepEqual(lastOf("const x = 1", "x = 2"), ["TS2588 at x"]);
    });
    it("what using declares is gone behind its cell, and what had its name before with it", () => {
      const using = "using handle = { [Symbol.dispose]() {}, n: 1 }; handle.n";
      assert.deepEqual(lastOf("const handle = 1", using), []);
      assert.deepEqual(lastOf("const handle = 1", using, "handle"), ["TS2304 at handle"]);
      assert.deepEqual(lastOf(using, "const handle = 'a'", "handle.length"), []);
      assert.deepEqual(lastOf(`await ${using.replace("dispose", "asyncDispose")}`, "handle"), [
        "TS2304 at handle",
      ]);
    });
    it("a forgotten cell leaves what was before it", () => {
      const session = new Session();
      session.run("const x = 1");
      session.run("const x = 'a'");
      session.service.remove(2);
      assert.deepEqual(session.errors("x.toFixed()"), []);
    });
    it("a reset forgets all", () => {
      const session = new Session();
      session.run("const x = 1");
      session.service.reset();
      assert.deepEqual(session.errors("x"), ["TS2304 at x"]);
    });
    it("an earlier cell keeps what it saw", () => {
      const session = new Session();
      session.run("let x = 1");
      session.run("const f = () => x");
      session.run("let x = 'a'");
      assert.deepEqual(session.errors("f().toFixed()"), []);
    });
    it("a number that is used again is the new cell", () => {
      const { service } = new Session();
      service.add({ id: 1, code: "const x = 1" });
      service.add({ id: 2, code: "x.toFixed()" });
      assert.deepEqual(service.diagnose(2), []);
      service.add({ id: 1, code: "const x = ''" });
      service.add({ id: 2, code: "x.toFixed()" });
      assert.deepEqual(
        service.diagnose(2).map(({ code }) => code),
        [2551],
      );
    });
  });
});
