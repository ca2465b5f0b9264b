import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "../support/bridge.ts";
import { topic } from "../support/case.ts";
import type { Client } from "../support/client.ts";
import { noWay, print } from "../support/codes.ts";
import type { Code } from "../support/kernel.ts";

const ask: Code = {
  ts: 'const answered = prompt("Name?"); answered',
  py: 'answered = input("Name?"); answered',
};

/** The next question that a front end is asked, after `since` others. */
function question(client: Client, since: number): Promise<Message> {
  return client.wait("a question", () => questions(client)[since]);
}

const questions = (client: Client): Message[] =>
  client.heard.flatMap(({ channel, message }) =>
    channel === "stdin" && message?.header.msg_type === "input_request" ? [message] : [],
  );

export const stdin = topic("stdin", [
  {
    name: "prompt() asks the front end and waits for its answer",
    async run({ client, code }) {
      const since = questions(client).length;
      const cell = await client.begin(code(ask), { allow_stdin: true });
      const asked = await question(client, since);
      assert.match(String(asked.content.prompt), /^Name\?/);
      assert.equal(asked.content.password, false);
      assert.equal(asked.parent.msg_id, cell.id);
      await client.answer(asked, "Ada ✓");
      await cell.done();
      assert.match(cell.value, /Ada ✓/);
    },
  },
  {
    name: "only the front end that runs the cell is asked",
    async run(kernel) {
      const other = await kernel.connect();
      try {
        await other.request("kernel_info");
        const since = questions(other).length;
        const cell = await other.begin(kernel.code(ask), { allow_stdin: true });
        const before = questions(kernel.client).length;
        const asked = await question(other, since);
        await other.answer(asked, "Bob");
        await cell.done();
        assert.match(cell.value, /Bob/);
        assert.equal(questions(kernel.client).length, before);
      } finally {
        await other.close();
      }
    },
  },
  {
    name: "an answer of another front end is not taken",
    async run(kernel) {
      const { client } = kernel;
      const other = await kernel.connect();
      try {
        const since = questions(client).length;
        const cell = await client.begin(kernel.code(ask), { allow_stdin: true });
        const asked = await question(client, since);
        await other.answer(asked, "theirs");
        await delay(300);
        await client.answer(asked, "mine");
        await cell.done();
        assert.match(cell.value, /mine/);
      } finally {
        await other.close();
      }
    },
  },
  {
    name: "a badly signed answer is not taken",
    async run({ client, code }) {
      const since = questions(client).length;
      const cell = await client.begin(code(ask), { allow_stdin: true });
      const asked = await question(client, since);
      await client.send(
        "input_reply",
        { value: "forged" },
        { channel: "stdin", parent: asked.header, key: "x" },
      );
      await client.answer(asked, "real");
      await cell.done();
      assert.match(cell.value, /real/);
    },
  },
  {
    name: "an answer that was sent before the question is dropped",
    async run({ client, code }) {
      await client.send("input_reply", { value: "stale" }, { channel: "stdin" });
      await client.run("1");
      const since = questions(client).length;
      const cell = await client.begin(code(ask), { allow_stdin: true });
      await client.answer(await question(client, since), "fresh");
      await cell.done();
      assert.match(cell.value, /fresh/);
    },
  },
  {
    name: "a password is asked for as one",
    async run({ client, code }) {
      const since = questions(client).length;
      const cell = await client.begin(
        code({
          convoscope: 'const secret = prompt("Key?", "", { password: true }); secret',
          deno: 'const secret = prompt("Key?", "", { password: true }); secret',
          tslab: noWay,
          py: 'import getpass\nsecret = getpass.getpass("Key?"); secret',
        }),
        { allow_stdin: true },
      );
      const asked = await question(client, since);
      await client.answer(asked, "s3cret");
      await cell.done();
      assert.equal(asked.content.password, true);
      assert.match(cell.value, /s3cret/);
    },
  },
  {
    name: "confirm() asks for a yes",
    async run({ client, code }) {
      const since = questions(client).length;
      const cell = await client.begin(code({ ts: 'const sure = confirm("Sure?"); sure' }), {
        allow_stdin: true,
      });
      await client.answer(await question(client, since), "y");
      await cell.done();
      assert.equal(cell.value, "true");
    },
  },
  {
    name: "input() asks while other things go on",
    async run({ client, code }) {
      const since = questions(client).length;
      const cell = await client.begin(
        code({
          convoscope:
            'let ticks = 0; const timer = setInterval(() => ticks++, 10); const given = await input("Go on?"); clearInterval(timer); [given, ticks > 5]',
          ts: noWay,
        }),
        { allow_stdin: true },
      );
      const asked = await question(client, since);
      await delay(300);
      await client.answer(asked, "yes");
      await cell.done();
      assert.match(cell.value, /yes.*true/s);
    },
  },
  {
    name: "two questions, one after the other",
    async run({ client, code }) {
      const since = questions(client).length;
      const cell = await client.begin(
        code({
          ts: 'const first = prompt("First?"); const second = prompt("Second?"); first + "+" + second',
          py: 'first = input("First?"); second = input("Second?"); first + "+" + second',
        }),
        { allow_stdin: true },
      );
      await client.answer(await question(client, since), "a");
      const again = await question(client, since + 1);
      assert.match(String(again.content.prompt), /^Second\?/);
      await client.answer(again, "b");
      await cell.done();
      assert.match(cell.value, /a\+b/);
    },
  },
  {
    name: "where the front end cannot be asked, asking is an error and nothing waits",
    async run({ client, code }) {
      const since = questions(client).length;
      const cell = await client.execute(code(ask), { allow_stdin: false });
      assert.equal(cell.content.status, "error");
      assert.notEqual(cell.content.ename, "ReferenceError");
      assert.equal(questions(client).length, since);
    },
  },
  {
    name: "what was printed before is heard while the question waits",
    async run({ client, code }) {
      const since = questions(client).length;
      const cell = await client.begin(
        code({ ts: 'console.log("before"); prompt("?")', py: 'print("before"); input("?")' }),
        { allow_stdin: true },
      );
      const asked = await question(client, since);
      await cell.prints(/before/);
      assert.equal(cell.heardOn("shell"), undefined);
      await client.answer(asked, "");
      await cell.done();
    },
  },
  {
    name: "control and heartbeat answer while the question waits",
    async run({ bridge, client, code, number }) {
      const since = questions(client).length;
      const cell = await client.begin(code(ask), { allow_stdin: true });
      const asked = await question(client, since);
      await client.request("kernel_info", {}, { channel: "control" });
      const { spent } = await bridge.ask<{ spent: number[] | null }>("heartbeat", {
        kernel: number,
        times: 2,
      });
      assert.equal(cell.heardOn("shell"), undefined);
      await client.answer(asked, "x");
      await cell.done();
      assert.ok(spent, "no heartbeat");
      await client.run(code(print("on")));
    },
  },
]);
