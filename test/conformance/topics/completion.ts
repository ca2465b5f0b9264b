import assert from "node:assert/strict";
import type { Content } from "../support/bridge.ts";
import { topic, type Case } from "../support/case.ts";
import type { Client } from "../support/client.ts";
import { compute } from "../support/codes.ts";
import type { Code } from "../support/kernel.ts";

interface Completed {
  matches: string[];
  start: number;
  end: number;
  types: { text: string; type: string; signature?: string; start: number; end: number }[] | undefined;
}

/** Completes at the end of some code, or at a place in code points. */
async function complete(client: Client, code: string, cursor = [...code].length): Promise<Completed> {
  const reply = await client.request("complete", { code, cursor_pos: cursor });
  assert.equal(reply.status, "ok");
  const { _jupyter_types_experimental: types } = reply.metadata as Content;
  const {
    matches,
    cursor_start: start,
    cursor_end: end,
  } = reply as unknown as {
    matches: string[];
    cursor_start: number;
    cursor_end: number;
  };
  return { matches, start, end, types: types as Completed["types"] };
}

/** Whether something is among the matches, whatever they carry around it. */
const offers = ({ matches }: Completed, name: string): boolean =>
  matches.some((match) => match === name || match.endsWith(`.${name}`) || match === `${name}(`);

const declare: Code = {
  ts: "const circle = { radius: 2, radians: 3, area() { return 12 } }; let albert = 1, alpha = 2",
  py: "class Circle:\n    radius = 2\n    radians = 3\n    def area(self): return 12\ncircle = Circle(); albert = 1; alpha = 2",
};

async function inspect(
  client: Client,
  code: string,
  detail: 0 | 1 = 0,
  cursor = [...code].length,
): Promise<Content> {
  const reply = await client.request("inspect", { code, cursor_pos: cursor, detail_level: detail });
  assert.equal(reply.status, "ok");
  return reply;
}

const textOf = (reply: Content): string => {
  const data = reply.data as Record<string, string>;
  return data["text/markdown"] ?? data["text/plain"] ?? "";
};

export const completion = topic("completion and inspection", [
  {
    name: "completes the session's names",
    async run({ client, code }) {
      await client.run(code(declare));
      const completed = await complete(client, "al");
      for (const name of ["albert", "alpha"]) assert.ok(offers(completed, name), name);
      assert.deepEqual([completed.start, completed.end], [0, 2]);
    },
  },
  {
    name: "completes members",
    async run({ client, code }) {
      await client.run(code(declare));
      const completed = await complete(client, "circle.rad");
      for (const name of ["radius", "radians"]) assert.ok(offers(completed, name), name);
      assert.ok(!offers(completed, "area"), "offers area for rad");
    },
  },
  {
    name: "completes in the middle of a line, and names of the cell itself",
    async run({ client, code }) {
      const text = code({ ts: "const gamma = 5;\nconsole.log(gam) + 1", py: "gamma = 5\nprint(gam) + 1" });
      const completed = await complete(client, text, text.indexOf("gam)") + 3);
      assert.ok(offers(completed, "gamma"), "gamma is not offered");
      const start = text.indexOf("gam)");
      assert.deepEqual([completed.start, completed.end], [start, start + 3]);
    },
  },
  {
    name: "completes members by type, of code that has not run",
    async run({ client, code }) {
      const completed = await complete(
        client,
        code({
          ts: "interface Sheep { wool: string; woolly: boolean }\nfunction shear(sheep: Sheep) { sheep.woo",
          py: "def shear(sheep: str):\n    sheep.upp",
        }),
      );
      assert.ok(
        offers(completed, "wool") || offers(completed, "upper"),
        completed.matches.slice(0, 5).join(),
      );
    },
  },
  {
    name: "completes members of what a function returns",
    async run({ client, code }) {
      const completed = await complete(
        client,
        code({ ts: 'import { parse } from "node:path";\nparse("/a/b").na', py: '"a b".split().app' }),
      );
      assert.ok(offers(completed, "name") || offers(completed, "append"), "the member is not offered");
    },
  },
  {
    name: "completes live members that types do not know (any)",
    async run({ client, code }) {
      await client.run(
        code({
          ts: 'let loose: any = JSON.parse(\'{"zebra": 1, "zero": 2}\')',
          py: "import types\nloose = types.SimpleNamespace(zebra=1, zero=2)",
        }),
      );
      const completed = await complete(client, "loose.ze");
      for (const name of ["zebra", "zero"]) assert.ok(offers(completed, name), name);
    },
  },
  {
    name: "completes import paths",
    async run({ client, code }) {
      const completed = await complete(client, code({ ts: 'import {} from "node:rea', py: "import jso" }));
      assert.ok(
        completed.matches.some((match) => /readline|json/.test(match)),
        completed.matches.slice(0, 5).join(),
      );
    },
  },
  {
    name: "completes paths of local files",
    async run(kernel) {
      kernel.write("neighbour.ts", "export const near = 1;\n");
      kernel.write("neighbour_py.py", "near = 1\n");
      const completed = await complete(
        kernel.client,
        kernel.code({ ts: 'import { near } from "./neigh', py: "import neigh" }),
      );
      assert.ok(
        completed.matches.some((match) => match.includes("neighbour")),
        "the file is not offered",
      );
    },
  },
  {
    name: "completes what a package exports",
    async run({ client, code }) {
      const text = code({ ts: 'import { comp } from "vega-lite"', py: "from json import dum" });
      const cursor = text.includes("comp") ? text.indexOf("comp") + 4 : text.length;
      const completed = await complete(client, text, cursor);
      assert.ok(offers(completed, "compile") || offers(completed, "dumps"), "the export is not offered");
    },
  },
  {
    name: "counts code points: behind an emoji",
    async run({ client, code }) {
      await client.run(code(declare));
      const text = code({ ts: '"😀😀"; circle.radi', py: '"😀😀"; circle.radi' });
      const completed = await complete(client, text);
      assert.ok(offers(completed, "radius"), "radius is not offered");
      assert.equal(completed.end, [...text].length);
      const start = [...text.slice(0, text.indexOf("radi"))].length;
      // Some complete the member, some the whole expression.
      assert.ok([start, start - "circle.".length].includes(completed.start), String(completed.start));
    },
  },
  {
    name: "says what kind each match is (_jupyter_types_experimental)",
    async run({ client, code }) {
      await client.run(code(declare));
      const { types } = await complete(client, "circle.ar");
      const area = types?.find(({ text }) => text.replace("circle.", "") === "area");
      assert.ok(area && /function|method/.test(area.type), `no kind: ${JSON.stringify(types)}`);
    },
  },
  {
    name: "gives the types of members as signatures",
    async run({ client, code }) {
      await client.run(code(declare));
      const { types } = await complete(client, code({ ts: "circle.rad", py: "circle.ar" }));
      assert.match(String(types?.[0]?.signature), /number|\(/);
    },
  },
  {
    name: "offers nothing inside of text, and nothing that does not fit",
    async run({ client }) {
      assert.ok(!offers(await complete(client, "zzzz_nothing_fits"), "albert"), "albert is offered");
    },
  },
  {
    name: "completes while a cell computes in a loop",
    async run({ client, code }) {
      await client.run(code(declare));
      await complete(client, "circle.rad");
      const cell = await client.begin(code(compute(3000)));
      await cell.begins();
      const completed = await complete(client, "circle.rad");
      const before = cell.heardOn("shell") === undefined;
      await cell.done();
      assert.ok(before, "answered only after the cell");
      assert.ok(offers(completed, "radius"), "radius is not offered");
    },
  },
  {
    name: "completes while a cell waits",
    async run({ client, code }) {
      await client.run(code(declare));
      const cell = await client.begin(
        code({
          ts: "await new Promise((done) => setTimeout(done, 3000))",
          py: "import asyncio; await asyncio.sleep(3)",
        }),
      );
      await cell.begins();
      const completed = await complete(client, "circle.rad");
      const before = cell.heardOn("shell") === undefined;
      await cell.done();
      assert.ok(before, "answered only after the cell");
      assert.ok(offers(completed, "radius"), "radius is not offered");
    },
  },
  {
    name: "inspects a variable",
    async run({ client, code }) {
      await client.run(code({ ts: "const length21: number = 5", py: "length21 = 5" }));
      const reply = await inspect(client, "length21");
      assert.equal(reply.found, true);
      assert.match(textOf(reply), /number|int/);
      assert.equal(typeof (reply.data as Content)["text/plain"], "string");
    },
  },
  {
    name: "inspects a function: signature and documentation",
    async run({ client, code }) {
      await client.run(
        code({
          ts: "/** Doubles what it is given. */\nfunction twice(value: number): number { return value * 2 }",
          py: 'def twice(value: int) -> int:\n    """Doubles what it is given."""\n    return value * 2',
        }),
      );
      const text = textOf(await inspect(client, "twice"));
      assert.match(text, /value: *(number|int)/);
      assert.match(text, /Doubles what it is given/);
    },
  },
  {
    name: "inspects with markdown",
    async run({ client, code }) {
      await client.run(code({ ts: "const circle24 = { area() { return 12 } }" }));
      const reply = await inspect(client, "circle24.area");
      assert.equal(typeof (reply.data as Content)["text/markdown"], "string");
    },
  },
  {
    name: "inspects with detail 1: the source as well",
    async run({ client, code }) {
      await client.run(
        code({
          ts: "function thrice(value: number): number {\n  return value * 3; // the body\n}",
          py: "def thrice(value):\n    return value * 3 # the body",
        }),
      );
      const reply = await inspect(client, "thrice", 1);
      assert.match(textOf(reply), /the body/);
      assert.doesNotMatch(textOf(await inspect(client, "thrice", 0)), /the body/);
    },
  },
  {
    name: "inspects inside of a call, at the cursor, behind an emoji",
    async run({ client, code }) {
      await client.run(code({ ts: "const width22: number = 5", py: "width22 = 5" }));
      const text = '"😀😀"; (width22)';
      const reply = await inspect(client, text, 0, [...text].length - 3);
      assert.equal(reply.found, true);
      assert.match(textOf(reply), /width22|number|int/);
    },
  },
  {
    name: "says so when there is nothing to inspect",
    async run({ client }) {
      const reply = await inspect(client, "doesNotExistAtAll");
      assert.deepEqual([reply.found, reply.data], [false, {}]);
    },
  },
  {
    name: "inspects while a cell computes in a loop",
    async run({ client, code }) {
      await client.run(code({ ts: "const height23: number = 5", py: "height23 = 5" }));
      const cell = await client.begin(code(compute(3000)));
      await cell.begins();
      const reply = await inspect(client, "height23");
      const before = cell.heardOn("shell") === undefined;
      await cell.done();
      assert.ok(before && reply.found === true, "answered only after the cell, or not found");
    },
  },
  ...(
    [
      ["1 + 1", "complete"],
      ["let x = [\n  1,\n  2,\n]", "complete"],
      ["const f = (a: number) => `a${a}`", "complete"],
      ["const r = /[(]/.test('(')", "complete"],
      ["function f() {", "incomplete"],
      ["f(", "incomplete"],
      ["const s = `a ${1", "incomplete"],
      ["/* a comment", "incomplete"],
      ["const o = { a: 1,", "incomplete"],
      ["} }", "invalid"],
      ["let 5 = a", "invalid"],
    ] as const
  ).map(([text, status]) => ({
    name: `is_complete: ${JSON.stringify(text)} is ${status}`,
    run: (async ({ client, code }) => {
      const reply = await client.request("is_complete", { code: code({ ts: text }) });
      assert.equal(reply.status, status);
      if (status === "incomplete") assert.equal(typeof reply.indent, "string");
    }) satisfies Case["run"],
  })),
  ...(
    [
      ["1 + 1", "complete"],
      ["def f():", "incomplete"],
      ["a b c", "invalid"],
    ] as const
  ).map(([text, status]) => ({
    name: `is_complete in Python: ${JSON.stringify(text)} is ${status}`,
    appliesTo: ["ipykernel"] as const,
    run: (async ({ client, code }) => {
      const reply = await client.request("is_complete", { code: code({ py: text }) });
      assert.equal(reply.status, status);
    }) satisfies Case["run"],
  })),
]);
