import assert from "node:assert/strict";
import type { Content } from "../support/bridge.ts";
import { cases } from "../support/case.ts";
import type { Client } from "../support/client.ts";
import { compute } from "../support/codes.ts";

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

export const inspection = cases([
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
]);
