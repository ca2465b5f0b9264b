import assert from "node:assert/strict";
import type { Content } from "../support/bridge.ts";
import { topic } from "../support/case.ts";
import { set } from "../support/codes.ts";

export const magics = topic("magics", [
  {
    name: "name? opens the pager with what is known",
    async run({ client, code }) {
      await client.run(code({ ts: "const seven: number = 7", py: "seven = 7" }));
      const cell = await client.run("seven?");
      const [page, ...others] = cell.content.payload as { source: string; data: Content }[];
      assert.equal(others.length, 0);
      assert.equal(page?.source, "page");
      assert.match(String(page.data["text/plain"]), /number|int/);
    },
  },
  {
    name: "name? of what nobody knows says so",
    async run({ client }) {
      const cell = await client.execute("nobodyAtAll?");
      const said = cell.text + JSON.stringify(cell.content.payload ?? []) + cell.complaint;
      assert.match(said, /nobodyAtAll|not found/i);
      assert.doesNotMatch(said, /SyntaxError|Unexpected/);
    },
  },
  {
    name: "%lsmagic lists them",
    async run({ client }) {
      const cell = await client.run("%lsmagic");
      const said = cell.text + String(cell.data?.["text/plain"]);
      for (const name of ["%timeit", "%who", "%reset"]) assert.ok(said.includes(name), name);
    },
  },
  {
    name: "%time says how long and gives the value",
    async run({ client }) {
      const cell = await client.run("%time 1 + 1");
      assert.match(cell.text, /\d *(ns|[µμu]s|ms|s)\b/);
      assert.match(cell.text + String(cell.data?.["text/plain"]), /\b2\b/);
    },
  },
  {
    name: "%timeit says how long a round takes",
    async run({ client }) {
      const cell = await client.run("%timeit 1 + 1", { within: 60_000 });
      assert.match(cell.text + String(cell.data?.["text/plain"]), /\d *(ns|[µμu]s|ms|s)\b/);
    },
  },
  {
    name: "%who lists the session's names",
    async run({ client, code }) {
      await client.run(code(set("whoIsThere", "1")));
      const cell = await client.run("%who");
      assert.match(cell.text + String(cell.data?.["text/plain"]), /whoIsThere/);
    },
  },
  {
    name: "%reset forgets them",
    async run({ client, code }) {
      await client.run(code(set("forgotten", "1")));
      await client.run(code({ ts: "%reset", py: "%reset -f" }));
      const cell = await client.execute("forgotten");
      assert.equal(cell.content.status, "error");
    },
  },
  {
    name: "%load puts a file into the cell",
    async run(kernel) {
      kernel.write("loaded.ts", "const loaded = 1;\n");
      const cell = await kernel.client.run("%load loaded.ts");
      const [payload] = cell.content.payload as Content[];
      assert.equal(payload?.source, "set_next_input");
      assert.match(String(payload.text), /const loaded = 1;/);
    },
  },
  {
    name: "!command runs in the shell and streams",
    async run({ client }) {
      const cell = await client.begin("!echo one; sleep 2; echo two");
      await cell.prints(/one/, 1900);
      await cell.done();
      assert.match(cell.text.replaceAll("\r", ""), /one\ntwo\n/);
    },
  },
  {
    name: "!command that fails is noticed",
    async run({ client }) {
      const cell = await client.execute("!ls /no/such/directory");
      assert.match(cell.text + cell.complaint, /No such file/);
    },
  },
  {
    name: "a magic that is not there is an error that names it",
    async run({ client }) {
      const cell = await client.execute("%nosuchmagic");
      assert.match(cell.text + cell.complaint, /nosuchmagic/);
    },
  },
  {
    name: "% and ! inside of code are code",
    async run({ client, code }) {
      const cell = await client.run(code({ ts: "7\n% 4\n+ Number(\n!true)", py: "(7\n% 4\n)" }));
      assert.equal(cell.value, "3");
    },
  },
]);
