import assert from "node:assert/strict";
import { topic, type Case } from "../support/case.ts";
import type { Client } from "../support/client.ts";

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

async function complaintOf(client: Client, code: string): Promise<string> {
  const cell = await client.execute(code);
  await client
    .wait("a note on types", () => (/\d/.test(cell.complaint) ? true : undefined))
    .catch(() => undefined);
  return cell.complaint;
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
  {
    name: "a type error is reported",
    async run({ client, code }) {
      const text = await complaintOf(client, code({ ts: 'let wrong: number = "a"' }));
      assert.match(text, /not assignable/);
    },
  },
  {
    name: "a type error is reported with its code (TS2322), line and caret, and the cell runs",
    async run({ client, code }) {
      const cell = await client.run(code({ ts: '\nlet n13: number = "a"; console.log("ran", n13)' }));
      await client.wait("the note", () => (cell.complaint.includes("TS2322") ? true : undefined));
      assert.match(cell.stdout, /ran a/);
      assert.match(cell.complaint, /2:5|line 2/);
      assert.match(cell.complaint, /\^|~/);
    },
  },
  {
    name: "types of earlier cells are known, and none is reported where all is well",
    async run({ client, code }) {
      await client.run(
        code({ ts: "interface Point { x: number; y: number }\nconst point: Point = { x: 1, y: 2 };" }),
      );
      const good = await client.run(code({ ts: "const sum14: number = point.x + point.y; sum14" }));
      assert.equal(good.value, "3");
      assert.equal(good.complaint, "");
      const bad = await complaintOf(client, code({ ts: "const text14: string = point.x" }));
      assert.match(bad, /not assignable/);
    },
  },
  {
    name: "%ts error: nothing runs that has type errors; %ts off: nothing is reported",
    async run({ client, code }) {
      await client.run(code({ convoscope: "%ts error", ts: 'throw new Error("no policies")' }));
      const refused = await client.execute('let n15: number = "a"; console.log("ran")');
      assert.equal(refused.content.status, "error");
      assert.equal(refused.stdout, "");
      await client.run("%ts off");
      const unchecked = await client.run('let n16: number = "a"; console.log("ran")');
      await client.run("await new Promise((done) => setTimeout(done, 1000))");
      assert.deepEqual([unchecked.stdout, unchecked.complaint], ["ran\n", ""]);
      await client.run("%ts warn");
    },
  },
  {
    name: "// @ts-nocheck switches the types off for a cell",
    async run({ client, code }) {
      const cell = await client.run(
        code({ ts: '// @ts-nocheck\nlet n17: number = "a"; console.log("ran")' }),
      );
      await client.run("await new Promise((done) => setTimeout(done, 1000))");
      assert.deepEqual([cell.stdout, cell.complaint], ["ran\n", ""]);
    },
  },
  {
    name: "tsconfig.json of the notebook's directory counts",
    async run(kernel) {
      kernel.code({ ts: "" });
      const files = {
        "tsconfig.json": JSON.stringify({ compilerOptions: { strict: false, noImplicitAny: true } }),
      };
      await kernel.withAnother({ files }, async ({ client }) => {
        const any = await complaintOf(client, "function f18(x) { return x }");
        assert.match(any, /implicitly/);
        const nullable = await client.run("let n18: number = null; console.log('ran')");
        assert.equal(nullable.complaint, "");
      });
    },
  },
  {
    name: "an error names cell, line and column as written",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: "interface Long {\n  a: number;\n}\nconst use = (x: Long): void => {\n  throw new RangeError(`no ${x.a}`);\n};\nuse({ a: 2 });",
          py: "def use(x):\n\n\n\n    raise IndexError(f'no {x}')\n\nuse(2)",
        }),
      );
      const count = String(cell.content.execution_count);
      assert.match(cell.complaint, /no 2/);
      assert.match(cell.complaint, new RegExp(`Cell (In)?\\[${count}\\](:5:9|, line 5)`));
      assert.match(cell.complaint, new RegExp(`Cell (In)?\\[${count}\\](:7:1|, line 7)`));
    },
  },
  {
    name: "an error shows the line of code where it arose",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: "const odd = (value: number): never => {\n  throw new RangeError('odd ' + value); // here\n};\nodd(3);",
          py: "def odd(value):\n    raise IndexError(f'odd {value}') # here\nodd(3)",
        }),
      );
      assert.match(cell.complaint, /# here|\/\/ here/);
    },
  },
  {
    name: "an error in a function of an earlier cell names that cell",
    async run({ client, code }) {
      const first = await client.run(
        code({
          ts: "function check(n: number): void {\n  throw new RangeError(`bad ${n}`);\n}",
          py: "def check(n):\n    raise IndexError(f'bad {n}')",
        }),
      );
      const second = await client.execute("check(5)");
      const [one, two] = [first, second].map((each) => String(each.content.execution_count));
      assert.match(second.complaint, new RegExp(`Cell (In)?\\[${one}\\](:2:|, line 2)`));
      assert.match(second.complaint, new RegExp(`Cell (In)?\\[${two}\\](:1:|, line 1)`));
    },
  },
  {
    name: "an error shows its causes",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: 'throw new Error("outer", { cause: new RangeError("middle", { cause: new Error("inner") }) })',
          py: 'try:\n    raise OSError("inner")\nexcept OSError as e:\n    raise IndexError("outer middle") from e',
        }),
      );
      for (const each of ["outer", "middle", "inner"]) assert.ok(cell.complaint.includes(each), each);
    },
  },
  {
    name: "an AggregateError shows its errors",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: 'throw new AggregateError([new Error("first"), new RangeError("second")], "several")',
          py: 'raise ExceptionGroup("several", [OSError("first"), IndexError("second")])',
        }),
      );
      for (const each of ["several", "first", "second"]) assert.ok(cell.complaint.includes(each), each);
    },
  },
  {
    name: "the kernel's own frames are hidden",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: 'const deep = async () => { await null; throw new Error("deep"); };\nawait deep()',
          py: 'async def deep():\n    raise OSError("deep")\nawait deep()',
        }),
      );
      assert.match(cell.complaint, /deep/);
      assert.doesNotMatch(cell.complaint, /node_modules|dist[/\\]|ext:|node:internal|ipykernel/);
    },
  },
  {
    name: "a syntax error names its place",
    async run({ client, code }) {
      const cell = await client.execute(
        code({ ts: "let ok19 = 1;\nlet b: = 2;", py: "ok = 1\nlet b = = 2" }),
      );
      assert.match(cell.complaint, /2:\d|:2\b|line 2/);
    },
  },
  {
    name: "an error in a local module names its file and line",
    async run(kernel) {
      kernel.write(
        "broken.ts",
        "export interface A { a: number }\nexport function broken(): never {\n  throw new Error('in a file');\n}\n",
      );
      const cell = await kernel.client.execute(
        kernel.code({ ts: 'import { broken } from "./broken.ts";\nbroken()' }),
      );
      assert.match(cell.complaint, /broken\.ts:3:\d/);
    },
  },
  {
    name: "importing what a module has not is an error that says so",
    async run({ client, code }) {
      const cell = await client.execute(
        code({
          ts: 'import { nothingAtAll } from "node:path";\nnothingAtAll()',
          py: "from os import nothingAtAll",
        }),
      );
      assert.equal(cell.content.status, "error");
      assert.match(cell.complaint, /nothingAtAll/);
    },
  },
  {
    name: "importing a package that is not there is an error that names it",
    async run({ client, code }) {
      const cell = await client.execute(
        code({ ts: 'import nobody from "no-such-package-at-all"', py: "import no_such_package_at_all" }),
      );
      assert.equal(cell.content.status, "error");
      assert.match(cell.complaint, /no.such.package.at.all/);
    },
  },
  evaluates(
    "names of Node's globals may be taken",
    ["const performance20 = 1; const name = 'n', history = [];", "name"],
    "n",
  ),
]);
