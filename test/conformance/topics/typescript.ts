import assert from "node:assert/strict";
import { topic, type Case } from "../support/case.ts";
import { errors } from "./errors.ts";
import { types } from "./types.ts";

/** Cells in TypeScript, one after the other, and what the last of them is. */
function evaluates(name: string, cells: string[], value: string | RegExp): Case {
  return {
    name,
    async run({ client, code }) {
      let last = "";
      for (const cell of cells) last = (await client.run(code({ ts: cell }))).value;
      // Some print their results, and text without quotes.
      const plain = last.replaceAll(/["']/g, "");
      if (typeof value === "string") assert.equal(plain, value);
      else assert.match(last, value);
    },
  };
}

export const typescript = topic("typescript", [
  evaluates(
    "a name may be declared again with another type",
    ["let a1 = 1", 'const a1 = "two"', "a1"],
    "two",
  ),
  evaluates(
    "classes and functions may be declared again",
    [
      "class A2 { x = 1 }",
      "class A2 { y = 2 }",
      "function f2() { return 1 }",
      "function f2() { return 2 }",
      "new A2().y + f2()",
    ],
    "4",
  ),
  evaluates("closures see the newest value", ["let a3 = 1; const f3 = () => a3", "a3 = 2; f3()"], "2"),
  evaluates(
    "closures see the newest declaration",
    ["let a4 = 1; const f4 = () => a4", "let a4 = 5", "f4()"],
    "5",
  ),
  evaluates(
    "interfaces and generics",
    [
      "interface Box<T> { value: T }\nfunction open<T>(box: Box<T>): T { return box.value }",
      "const box5: Box<number> = { value: 7 }; open(box5)",
    ],
    "7",
  ),
  evaluates(
    "an enum, across cells",
    ["enum Color { Red = 1, Green = 4 }", "[Color.Green, Color[1]]"],
    /4,\s*['"]Red['"]/,
  ),
  evaluates("a const enum", ["const enum Size { Small = 3 }\nSize.Small"], "3"),
  evaluates(
    "a namespace, across cells",
    ["namespace Shapes { export const sides = 4 }", "Shapes.sides"],
    "4",
  ),
  evaluates(
    "parameter properties, abstract classes, satisfies",
    [
      "abstract class Base { constructor(readonly size: number) {} }\nclass Derived extends Base {}\n(new Derived(3) satisfies Base).size",
    ],
    "3",
  ),
  evaluates(
    "decorators",
    [
      "const calls: string[] = [];\nfunction traced(value: any, context: any) { calls.push(String(context.name ?? context)); return value; }\nclass Traced { @traced run() { return 1 } }\nnew Traced().run(); calls",
    ],
    /run/,
  ),
  evaluates(
    "using",
    [
      "const closed: string[] = [];\n{ using file = { [Symbol.dispose]() { closed.push('closed') } }; closed.push('open') }\nclosed",
    ],
    /open.*closed/s,
  ),
  evaluates(
    "destructuring, across cells",
    ["const { p8, ...rest8 } = { p8: 1, q8: 2 }; let [first8 = 5] = []", "p8 + rest8.q8 + first8"],
    "8",
  ),
  evaluates(
    "for await, and await in a condition",
    [
      "async function* count() { yield 1; yield 2 }\nlet sum9 = 0; for await (const n of count()) sum9 += n;\nif (await Promise.resolve(true)) sum9 += 10;\nsum9",
    ],
    "13",
  ),
  evaluates(
    "an ESM-only package (vega-lite 6)",
    ['import { compile } from "vega-lite";\ntypeof compile'],
    "function",
  ),
  evaluates(
    "a CommonJS package",
    ['import seedrandom from "seedrandom";\ntypeof seedrandom("a")()'],
    "number",
  ),
  evaluates(
    "a module of Node.js, all ways of import",
    [
      'import path, { join } from "node:path";\nimport * as all from "node:path";\nimport type { ParsedPath } from "node:path";',
      'path.sep + join("a", "b") + (all.join === join)',
    ],
    "/a/btrue",
  ),
  evaluates(
    "an imported name in a later cell's function",
    ['import { basename } from "node:path"', 'const name10 = () => basename("/x/y"); name10()'],
    "y",
  ),
  evaluates("import()", ['const os = await import("node:os"); typeof os.cpus'], "function"),
  evaluates("import.meta of the notebook", ["typeof import.meta.url"], "string"),
  evaluates(
    "require, for those who have it in their fingers",
    ['const { join: join11 } = require("node:path"); join11("a", "b")'],
    "a/b",
  ),
  {
    name: "a local .ts file, read anew when it has changed",
    async run(kernel) {
      const code = kernel.code({ ts: 'import { area } from "./shapes.ts";\narea(2)' });
      kernel.write(
        "shapes.ts",
        "export interface Side { n: number }\nexport const area = (side: number): number => side * 10;\n",
      );
      assert.equal((await kernel.client.run(code)).value, "20");
      kernel.write("shapes.ts", "export const area = (side: number): number => side * 100;\n");
      assert.equal((await kernel.client.run(code)).value, "200");
    },
  },
  {
    name: "a local .ts file imported by its bare name, with its imports read anew",
    async run(kernel) {
      const code = kernel.code({ ts: 'import { outer } from "./outer";\nouter()' });
      kernel.write("inner.ts", "export const factor: number = 2;\n");
      kernel.write(
        "outer.ts",
        'import { factor } from "./inner";\nexport const outer = (): number => factor * 3;\n',
      );
      assert.equal((await kernel.client.run(code)).value, "6");
      kernel.write("inner.ts", "export const factor: number = 5;\n");
      assert.equal((await kernel.client.run(code)).value, "15");
    },
  },
  {
    name: "a JSON file",
    async run(kernel) {
      kernel.write("data.json", '{ "n": 5 }');
      const code = kernel.code({ ts: 'import data from "./data.json" with { type: "json" };\ndata.n' });
      assert.equal((await kernel.client.run(code)).value, "5");
    },
  },
  ...types,
  ...errors,
  // The last, since it takes names that other cases mean Node's by.
  evaluates(
    "names of Node's globals may be taken",
    ["const performance20 = 1; const name = 'n', history = [];", "name"],
    "n",
  ),
]);
