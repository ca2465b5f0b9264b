import assert from "node:assert/strict";
import { cases } from "../support/case.ts";

/** Where errors are said to be, and what is shown of them. */
export const errors = cases([
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
]);
