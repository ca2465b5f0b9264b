import assert from "node:assert/strict";
import { topic } from "../support/case.ts";
import type { Client } from "../support/client.ts";

type Entry = [session: number, line: number, input: string | [input: string, output: string | null]];

async function history(client: Client, content: Record<string, unknown>): Promise<Entry[]> {
  const reply = await client.request("history", { raw: true, output: false, session: 0, ...content });
  assert.equal(reply.status, "ok");
  return reply.history as Entry[];
}

const inputs = (entries: Entry[]): unknown[] => entries.map(([, , input]) => input);

export const histories = topic("history", [
  {
    name: "tail: the newest, in order",
    async run({ client }) {
      for (const code of ["101", "102", "103"]) await client.run(code);
      const entries = await history(client, { hist_access_type: "tail", n: 2 });
      assert.deepEqual(inputs(entries), ["102", "103"]);
      assert.equal(entries[1]![1], entries[0]![1] + 1);
    },
  },
  {
    name: "tail with output: pairs",
    async run({ client }) {
      await client.run("7 + 7");
      const entries = await history(client, { hist_access_type: "tail", n: 1, output: true });
      const [input, output] = entries[0]![2] as [string, string | null];
      assert.deepEqual([input, output], ["7 + 7", "14"]);
    },
  },
  {
    name: "range of this session",
    async run({ client }) {
      const cell = await client.run("201");
      const line = Number(cell.content.execution_count);
      await client.run("202");
      const entries = await history(client, { hist_access_type: "range", start: line, stop: line + 1 });
      assert.deepEqual(
        entries.map(([, number, input]) => [number, input]),
        [[line, "201"]],
      );
    },
  },
  {
    name: "search by a pattern",
    async run({ client }) {
      for (const cell of ["30001", "30002", "40001"]) await client.run(cell);
      const entries = await history(client, { hist_access_type: "search", pattern: "3000?", n: 10 });
      assert.deepEqual(inputs(entries), ["30001", "30002"]);
      const none = await history(client, { hist_access_type: "search", pattern: "no such*", n: 10 });
      assert.deepEqual(none, []);
    },
  },
  {
    name: "search for each only once, and for n of them",
    async run({ client }) {
      for (const cell of ["50001", "50001", "50002"]) await client.run(cell);
      const unique = await history(client, {
        hist_access_type: "search",
        pattern: "5000*",
        unique: true,
        n: 10,
      });
      assert.deepEqual(inputs(unique), ["50001", "50002"]);
      const newest = await history(client, { hist_access_type: "search", pattern: "5000*", n: 1 });
      assert.deepEqual(inputs(newest), ["50002"]);
    },
  },
  {
    name: "what is not to be stored is not there",
    async run({ client }) {
      await client.run("60001");
      await client.run("60002", { store_history: false });
      await client.run("60003", { silent: true });
      const entries = await history(client, { hist_access_type: "tail", n: 1 });
      assert.deepEqual(inputs(entries), ["60001"]);
    },
  },
  {
    name: "is kept across sessions",
    async run(kernel) {
      await kernel.withAnother({ home: kernel.home }, async (earlier) => {
        await earlier.client.run("70001");
        await earlier.client.request("shutdown", { restart: false }, { channel: "control" });
        await earlier.ends();
      });
      await kernel.withAnother({ home: kernel.home }, async ({ client }) => {
        const entries = await history(client, { hist_access_type: "search", pattern: "7000*", n: 10 });
        assert.deepEqual(inputs(entries), ["70001"]);
        const earlier = await history(client, {
          hist_access_type: "range",
          session: entries[0]![0],
          start: 1,
          stop: 2,
        });
        assert.deepEqual(inputs(earlier), ["70001"]);
      });
    },
  },
  {
    name: "survives a kernel that is killed",
    async run(kernel) {
      await kernel.withAnother({ home: kernel.home }, async (earlier) => {
        await earlier.client.run("80001");
        await earlier.client.run("80002");
        await history(earlier.client, { hist_access_type: "tail", n: 1 });
      });
      await kernel.withAnother({ home: kernel.home }, async ({ client }) => {
        const entries = await history(client, { hist_access_type: "search", pattern: "80001", n: 10 });
        assert.equal(entries.length, 1);
      });
    },
  },
  {
    name: "a failed cell is in it as well",
    async run({ client }) {
      await client.execute("nobodyKnowsThis");
      const entries = await history(client, { hist_access_type: "tail", n: 1 });
      assert.deepEqual(inputs(entries), ["nobodyKnowsThis"]);
    },
  },
]);
