import assert from "node:assert/strict";
import { cases } from "../support/case.ts";
import type { Client } from "../support/client.ts";

async function complaintOf(client: Client, code: string): Promise<string> {
  const cell = await client.execute(code);
  await client
    .wait("a note on types", () => (/\d/.test(cell.complaint) ? true : undefined))
    .catch(() => undefined);
  return cell.complaint;
}

/** What is said of types, and when. */
export const types = cases([
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
]);
