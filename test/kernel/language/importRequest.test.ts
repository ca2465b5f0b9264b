import assert from "node:assert/strict";

import { transform } from "../../../src/kernel/language/transform.ts";
import { PlainSession } from "./support.ts";

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
