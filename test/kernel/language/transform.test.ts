import assert from "node:assert/strict";
import { Script } from "node:vm";
import fc from "fast-check";

import { CellError } from "../../../src/kernel/language/cellError.ts";
import { PlainSession, runCells, specifyValues } from "./support.ts";

describe("a cell's result", () => {
  specifyValues([
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
