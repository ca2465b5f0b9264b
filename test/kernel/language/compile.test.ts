import assert from "node:assert/strict";

import { CellError } from "../../../src/kernel/language/cellError.ts";
import { compile, needsCompiler } from "../../../src/kernel/language/compile.ts";
import { toSource } from "../../../src/kernel/language/sourceMap.ts";
import { transform } from "../../../src/kernel/language/transform.ts";
import { PlainSession, runCells } from "./support.ts";

describe("TypeScript's own compiler", () => {
  const needs = (source: string, options = {}): boolean => needsCompiler(source, () => options);

  it("is needed for what Node does not run", () => {
    assert.ok(needs("@d class A {}"));
    assert.ok(needs("class A { @d m() {} }"));
    assert.ok(needs("class A { accessor x = 1 }"));
    assert.ok(needs("{ using a = f() }"));
    assert.ok(needs("namespace A { export const a = 1 } namespace A { a }"));
    assert.ok(needs("namespace A { export namespace B { export let a = 1 } }"));
    assert.ok(needs("class A { x = 1 }", { useDefineForClassFields: false }));
  });

  it("is not needed, nor loaded, for anything else", () => {
    assert.ok(!needs("const a = 'me@example.org'; // using @d"));
    assert.ok(!needs("namespace A { export const a = 1 } namespace B {}"));
    assert.ok(!needs("class A { x = 1 }"));
    assert.ok(!needs("class A { m() {} }", { useDefineForClassFields: false }));
    assert.ok(!needs("using @ broken ("));
  });

  it("says what it does not understand, and where", () => {
    assert.throws(
      () => compile("let a;\n@", "a.ts", {}),
      (error) => error instanceof CellError && error.offset === 8,
    );
  });
});

describe("decorators", () => {
  const decorator =
    "const seen: string[] = []; const d = (value: any, context: any) => { seen.push(`${context.kind} ${String(context.name)}`) }";

  it("are the standard ones", () => {
    const cell =
      "@d class A { @d m() { return 1 } @d accessor x = 2; @d static s = 3; declare y: string }; [new A().m() + new A().x + A.s, ...seen]";
    assert.deepEqual(runCells(decorator, cell), [6, "method m", "accessor x", "field s", "class A"]);
  });

  it("leave nothing of the compiler in the session", () => {
    const session = new PlainSession();
    session.run(decorator);
    session.run("@d class A { @d accessor x = 1; @d [`m`]() {} }");
    assert.deepEqual(session.scope.names(), ["seen", "d", "A"]);
  });

  it("stand beside enums, namespaces and results as in other cells", () => {
    assert.deepEqual(
      runCells(
        "enum E { A }",
        decorator,
        "@d class A {}; enum E { B = 'b' }; namespace N { export const a = E.B }; [E, N]",
      ),
      [{ B: "b" }, { a: "b" }],
    );
  });

  it("are the older ones where tsconfig.json says so", () => {
    const { code } = transform("@d class A { @d m(x: number) {} }", {
      filename: "a.ts",
      session: new PlainSession().scope,
      options: () => ({ experimentalDecorators: true, emitDecoratorMetadata: true }),
    });
    assert.match(code, /__metadata\("design:paramtypes", \[Number\]\)/);
  });

  it("do not move places in the cell", () => {
    const source = "interface A {}\n@d class B {}\nconst c = (1).\n  foo();\nfail()";
    const cell = transform(source, { filename: "a.ts", session: new PlainSession().scope });
    const lines = cell.code.split("\n");
    const line = lines.findIndex((text) => text.includes("fail")) + 1;
    const column = lines[line - 1]!.indexOf("fail");
    assert.equal(toSource(cell.map(), { line, column })?.line, 5);
  });
});

describe("a namespace", () => {
  it("in several parts sees the names of them all", () => {
    assert.deepEqual(
      runCells("namespace A { export const a = 1 }\nnamespace A { export const b = a + 1 }\nA"),
      {
        a: 1,
        b: 2,
      },
    );
  });

  it("of a later cell is a new one", () => {
    assert.deepEqual(
      runCells("namespace A { export const a = 1 }", "namespace A { export const b = 2 }\nA"),
      {
        b: 2,
      },
    );
  });
});

describe("fields of classes", () => {
  it("are assigned where tsconfig.json is for an older target", () => {
    const { code } = transform("class A { x = 1; y?: string }", {
      filename: "a.ts",
      session: new PlainSession().scope,
      options: () => ({ useDefineForClassFields: false }),
    });
    assert.match(code, /this\.x = 1/);
    assert.doesNotMatch(code, /\by\b/);
  });
});
