import assert from "node:assert/strict";

import { offsetOf, toSource } from "../../../src/kernel/language/sourceMap.ts";
import { transform } from "../../../src/kernel/language/transform.ts";
import { PlainSession } from "./support.ts";

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
