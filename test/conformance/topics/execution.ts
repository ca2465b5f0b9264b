import assert from "node:assert/strict";
import type { Content } from "../support/bridge.ts";
import { topic } from "../support/case.ts";
import { stripColors } from "../support/client.ts";
import { fail, failLater, print, set, sleep } from "../support/codes.ts";

export const execution = topic("execution", [
  {
    name: "the last expression is an execute_result",
    async run({ client }) {
      const cell = await client.run("1 + 1");
      const [result] = cell.of("execute_result");
      assert.ok(result, "no execute_result");
      assert.equal(cell.value, "2");
      assert.equal(result.content.execution_count, cell.content.execution_count);
    },
  },
  {
    name: "text has no colours unless it is asked for",
    async run({ client, code }) {
      const cell = await client.run(code({ ts: "[1, 'a', null]", py: "[1, 'a', None]" }));
      const { "text/plain": text } = cell.of("execute_result")[0]!.content.data as Record<string, string>;
      assert.equal(text, stripColors(text!));
    },
  },
  {
    name: "all output comes before idle",
    async run({ client, code }) {
      for (let each = 0; each < 10; each++) {
        const cell = await client.run(code(print("out")));
        assert.equal(cell.trace.at(-1), "idle");
        assert.equal(cell.stdout, "out\n");
      }
    },
  },
  {
    name: "a statement has no result",
    async run({ client, code }) {
      const cell = await client.run(code(set("nothing", "1")));
      assert.deepEqual(cell.trace, ["busy", "execute_input", "idle"]);
    },
  },
  {
    name: "busy, input, output, result and idle come in this order",
    async run({ client, code }) {
      const cell = await client.run(code({ ts: 'console.log("out");\n7', py: 'print("out")\n7' }));
      assert.deepEqual(cell.trace, ["busy", "execute_input", "stream", "execute_result", "idle"]);
    },
  },
  {
    name: "the reply comes after all output (by the kernel's dates)",
    async run({ client, code }) {
      const cell = await client.run(code(print("out")));
      const reply = cell.heardOn("shell")!.message!;
      const [stream] = cell.of("stream");
      assert.ok(
        Date.parse(stream!.header.date) <= Date.parse(reply.header.date),
        "the reply came before the output",
      );
      const idle = cell.published.at(-1)!;
      assert.ok(
        Date.parse(reply.header.date) <= Date.parse(idle.header.date) + 1,
        "the reply came after idle",
      );
    },
  },
  {
    name: "the reply of a success has status, count, payload, user_expressions",
    async run({ client }) {
      const { content } = await client.run("1");
      assert.equal(content.status, "ok");
      assert.equal(typeof content.execution_count, "number");
      assert.deepEqual([content.payload, content.user_expressions], [[], {}]);
    },
  },
  {
    name: "counts up; execute_input repeats code and count",
    async run({ client }) {
      const first = await client.run("1");
      const second = await client.run("2");
      assert.equal(second.content.execution_count, Number(first.content.execution_count) + 1);
      const { code, execution_count: count } = second.of("execute_input")[0]!.content;
      assert.deepEqual([code, count], ["2", second.content.execution_count]);
    },
  },
  {
    name: "an error is published and replied with name, message, traceback and count",
    async run({ client, code }) {
      const cell = await client.execute(code(fail));
      const { content } = cell;
      assert.equal(content.status, "error");
      assert.match(String(content.ename), /^(Range|Index)Error$/);
      assert.equal(content.evalue, "bad");
      assert.equal(typeof content.execution_count, "number");
      const { ename, evalue, traceback } = content;
      assert.ok((traceback as string[]).length > 0, "no traceback");
      const published = cell.of("error").map((each) => each.content);
      assert.equal(published.length, 1);
      assert.deepEqual([published[0]!.ename, published[0]!.evalue], [ename, evalue]);
    },
  },
  {
    name: "an error shows nothing beside the error message",
    async run({ client, code }) {
      const cell = await client.execute(code(fail));
      assert.deepEqual(cell.trace, ["busy", "execute_input", "error", "idle"]);
    },
  },
  {
    name: "an empty cell succeeds",
    async run({ client }) {
      await client.run("");
      await client.run("  \n");
    },
  },
  {
    name: "top-level await",
    async run({ client, code }) {
      const cell = code({
        ts: "await new Promise((done) => setTimeout(() => done(42), 5))",
        py: "import asyncio\nawait asyncio.sleep(0.005, 42)",
      });
      assert.equal((await client.run(cell)).value, "42");
    },
  },
  {
    name: "silent: no input, no output, no result",
    async run({ client, code }) {
      const cell = await client.run(code({ ts: 'console.log("x"); 5', py: 'print("x"); 5' }), {
        silent: true,
      });
      assert.deepEqual(
        cell.trace.filter((each) => each !== "stream"),
        ["busy", "idle"],
      );
    },
  },
  {
    name: "silent is not counted",
    async run({ client }) {
      const before = (await client.run("1")).content.execution_count;
      await client.run("2", { silent: true });
      assert.equal((await client.run("3")).content.execution_count, Number(before) + 1);
    },
  },
  {
    name: "silent with an error replies the error",
    async run({ client, code }) {
      const cell = await client.execute(code(fail), { silent: true });
      assert.deepEqual([cell.content.status, cell.content.evalue], ["error", "bad"]);
    },
  },
  {
    name: "store_history false is not counted",
    async run({ client }) {
      const before = (await client.run("1")).content.execution_count;
      await client.run("2", { store_history: false });
      assert.equal((await client.run("3")).content.execution_count, Number(before) + 1);
    },
  },
  {
    name: "user_expressions: values",
    async run({ client, code }) {
      const cell = await client.run(code(set("ux", "1")), { user_expressions: { foo: "ux + 1" } });
      const expected = { foo: { status: "ok", data: { "text/plain": "2" }, metadata: {} } };
      assert.deepEqual(cell.content.user_expressions, expected);
    },
  },
  {
    name: "user_expressions: each with its own error",
    async run({ client }) {
      const cell = await client.run("1", { user_expressions: { good: "1", bad: "nobodyAtAll" } });
      const { good, bad } = cell.content.user_expressions as Record<string, Content>;
      assert.equal(good?.status, "ok");
      assert.equal(bad?.status, "error");
      assert.match(String(bad.ename), /^(Reference|Name)Error$/);
    },
  },
  {
    name: "what is queued behind an error is aborted",
    async run({ client, code }) {
      const failing = await client.begin(code(failLater));
      const next = await client.begin(code(print("Hello")));
      const last = await client.begin(code(print("world")));
      for (const each of [failing, next, last]) await each.done();
      const states = [failing, next, last].map((each) => each.content.status);
      assert.deepEqual(states, ["error", "aborted", "aborted"]);
      assert.equal(next.text + last.text, "");
    },
  },
  {
    name: "a cell that is sent when the error was heard runs",
    async run({ client, code }) {
      const failing = await client.begin(code(failLater));
      await (await client.begin("1")).done();
      await failing.reply();
      assert.equal((await client.run(code(print("again")))).stdout, "again\n");
    },
  },
  {
    name: "stop_on_error false: goes on after an error",
    async run({ client, code }) {
      const failing = await client.begin(code(failLater), { stop_on_error: false });
      const next = await client.begin(code(print("Hello")));
      await failing.done();
      await next.done();
      assert.deepEqual([failing.content.status, next.content.status], ["error", "ok"]);
    },
  },
  {
    name: "other requests behind an error are answered",
    async run({ client, code }) {
      const failing = await client.begin(code(failLater));
      const info = await client.send("kernel_info_request");
      const comms = await client.send("comm_info_request");
      const inspect = await client.send("inspect_request", {
        code: "x",
        cursor_pos: 1,
        detail_level: 0,
      });
      await failing.reply();
      assert.equal(failing.content.status, "error");
      for (const each of [info, comms, inspect]) assert.equal((await each.reply()).content.status, "ok");
    },
  },
  {
    name: "1,000 queued cells run, in order, each with its output",
    async run({ client, code }) {
      await client.run(code(set("ran", "0")));
      const step = code({ ts: "ran = ran + 1; console.log(ran)", py: "ran = ran + 1; print(ran)" });
      const cells = [];
      for (let each = 0; each < 1000; each++) cells.push(await client.begin(step));
      await cells.at(-1)!.done(60_000);
      assert.deepEqual(
        cells.map((each) => each.stdout),
        cells.map((_, index) => `${index + 1}\n`),
      );
    },
  },
  {
    name: "cells run one after the other, also those that wait",
    async run({ client, code }) {
      const first = await client.begin(code(sleep(300)));
      const second = await client.begin(code(print("second")));
      await first.done();
      await second.done();
      assert.ok(first.heardOn("shell")!.time <= second.heardOn("shell")!.time, "the second ended first");
      const [end, begin] = [first.published.at(-1)!, second.published[0]!];
      assert.ok(Date.parse(end.header.date) <= Date.parse(begin.header.date), "the second began early");
    },
  },
  {
    name: "a session survives a syntax error",
    async run({ client, code }) {
      const cell = await client.execute("let = = 1 (");
      assert.equal(cell.content.status, "error");
      assert.notEqual(cell.complaint, "");
      assert.equal((await client.run(code(print("on")))).stdout, "on\n");
    },
  },
  {
    name: "long lines of code and much code are taken",
    async run({ client, code }) {
      const text = "x".repeat(1_000_000);
      const cell = await client.run(
        code({ ts: `console.log("${text}".length)`, py: `print(len("${text}"))` }),
      );
      assert.equal(cell.stdout, "1000000\n");
    },
  },
]);
