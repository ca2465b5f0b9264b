import assert from "node:assert/strict";

import { completeness } from "../../../src/kernel/language/completeness.ts";

describe("completeness", () => {
  const complete = [
    "1+1",
    "",
    "let x = 1;\n",
    "/[/(]/.test(x)",
    "a / b / c",
    "`a ${b} c`",
    "const m: Map<string, Array<number>> = new Map()",
    "const f = <T,>(x: T) => x",
    "class A { #x = 1 }",
    "await x",
    "// (",
    "x as any as number",
    "{ a: 1, b: 2 }",
    "%who",
    "let a = 1\n!ls -la 'x\na?",
    "%time f(x)",
    "%time",
    "let a",
    "declare const a: number",
    "declare function f(): void",
    "function f(): void;\nfunction f() {}",
  ];
  const incomplete: [string, string][] = [
    ["let x =", ""],
    ["f(", "  "],
    ["function f() {", "  "],
    ["class A {\n  m() {", "    "],
    ["`abc", ""],
    ["`a ${b", ""],
    ["/* note", ""],
    ["const x = { a: 1,", ""],
    ["const g = (a: number) =>", "  "],
    ["if (x)", ""],
    ["type A = {", "  "],
    ["let a: Array<", ""],
    ["1 +\n\n", ""],
    ["try {}", ""],
    ["%who\nf(", "  "],
    ["%time f({", "  "],
    ["import", ""],
    ["1\nexport ", ""],
    ["const", ""],
    ["let a,", ""],
    ["const a: number", ""],
    ["  function f(a: string): number", "  "],
  ];
  const invalid = ["} }", "'abc", "/ab", "a b c", "foo(]", "let = 5 5", "%time let x = 1 1"];

  for (const code of complete) {
    it(`finds ${JSON.stringify(code)} complete`, () =>
      assert.deepEqual(completeness(code), { status: "complete" }));
  }
  for (const [code, indent] of incomplete) {
    it(`waits for more of ${JSON.stringify(code)}`, () => {
      assert.deepEqual(completeness(code), { status: "incomplete", indent });
    });
  }
  for (const code of invalid) {
    it(`finds ${JSON.stringify(code)} invalid`, () =>
      assert.deepEqual(completeness(code), { status: "invalid" }));
  }
});
