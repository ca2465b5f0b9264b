import assert from "node:assert/strict";
import type { Content } from "../support/bridge.ts";
import { topic, type Case } from "../support/case.ts";
import type { Client } from "../support/client.ts";
import { compute, sleep } from "../support/codes.ts";
import type { Code } from "../support/kernel.ts";
import { completeness } from "./completeness.ts";
import { inspection } from "./inspection.ts";

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

function completesWhile(what: string, busy: Code): Case {
  return {
    name: `completes while ${what}`,
    async run({ client, code }) {
      await client.run(code(declare));
      await complete(client, "circle.rad");
      const cell = await client.begin(code(busy));
      await cell.begins();
      const completed = await complete(client, "circle.rad");
      const before = cell.heardOn("shell") === undefined;
      await cell.done();
      assert.ok(before, "answered only after the cell");
      assert.ok(offers(completed, "radius"), "radius is not offered");
    },
  };
}

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
  completesWhile("a cell computes in a loop", compute(3000)),
  completesWhile("a cell waits", sleep(3000)),
  ...inspection,
  ...completeness,
]);
