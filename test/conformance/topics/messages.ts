import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Content, Message } from "../support/bridge.ts";
import { topic } from "../support/case.ts";
import { compute, print, sleep } from "../support/codes.ts";
import { ending } from "./ending.ts";

export const messages = topic("messages", [
  {
    name: "kernel_info says all that a front end asks for",
    async run({ client }) {
      const info = await client.request("kernel_info");
      assert.equal(info.status, "ok");
      for (const key of ["protocol_version", "implementation", "implementation_version", "banner"])
        assert.equal(typeof info[key], "string", key);
      const language = info.language_info as Content;
      for (const key of ["name", "version", "mimetype", "file_extension"])
        assert.equal(typeof language[key], "string", key);
    },
  },
  {
    name: "speaks protocol 5.5",
    async run({ client }) {
      assert.equal((await client.request("kernel_info")).protocol_version, "5.5");
    },
  },
  {
    name: "kernel_info on control says the same",
    async run({ client }) {
      // Some put a new tip of the day into the banner each time.
      const onControl = await client.request("kernel_info", {}, { channel: "control" });
      const onShell = await client.request("kernel_info");
      assert.deepEqual({ ...onControl, banner: "" }, { ...onShell, banner: "" });
    },
  },
  {
    name: "each message has an id of its own, the kernel's session, a date with a zone, the full parent",
    async run({ client, code }) {
      const cell = await client.run(code(print("x")));
      const all = cell.heard.map(({ message }) => message!);
      assert.equal(new Set(all.map(({ header }) => header.msg_id)).size, all.length);
      assert.equal(new Set(all.map(({ header }) => header.session)).size, 1);
      const [first] = all;
      assert.notEqual(first!.header.session, first!.parent.session);
      for (const { header, parent } of all) {
        assert.match(header.date, /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/);
        assert.match(header.version, /^5\./);
        assert.equal(parent.msg_type, "execute_request");
      }
    },
  },
  {
    name: "everything on IOPub has one topic",
    async run({ client, code }) {
      const cell = await client.run(code(print("x")));
      const topics = cell.heard.filter(({ channel }) => channel === "iopub").map(({ topic }) => topic);
      assert.ok(topics.length > 2, "too few messages");
      for (const topic of topics) assert.ok(topic, JSON.stringify(topics));
    },
  },
  {
    name: "a request is surrounded by busy and idle",
    async run({ client }) {
      const sent = await client.send("kernel_info_request");
      await sent.done();
      assert.deepEqual(sent.trace, ["busy", "idle"]);
    },
  },
  {
    name: "a request on control is surrounded by busy and idle",
    async run({ client }) {
      const sent = await client.send("kernel_info_request", {}, { channel: "control" });
      await sent.done();
      assert.deepEqual(sent.trace, ["busy", "idle"]);
    },
  },
  {
    name: "welcomes its first subscriber (iopub_welcome)",
    async run({ client }) {
      const welcome = await client.wait("iopub_welcome", () =>
        client.heard.find(({ message }) => message?.header.msg_type === "iopub_welcome"),
      );
      assert.deepEqual([welcome.message!.content, welcome.message!.parent], [{ subscription: "" }, {}]);
    },
  },
  {
    name: "welcomes another subscriber",
    async run({ bridge, number }) {
      const { heard } = await bridge.ask<{ heard: Message | null }>("subscribe", {
        kernel: number,
        topic: "",
      });
      assert.equal(heard?.header.msg_type, "iopub_welcome");
      assert.deepEqual([heard.content, heard.parent], [{ subscription: "" }, {}]);
    },
  },
  {
    name: "welcomes a subscriber of one topic with that topic",
    async run({ bridge, number }) {
      const { heard, topics } = await bridge.ask<{ heard: Message | null; topics: string[] }>("subscribe", {
        kernel: number,
        topic: "kernel.some",
      });
      assert.equal(heard?.header.msg_type, "iopub_welcome");
      assert.deepEqual([heard.content, topics], [{ subscription: "kernel.some" }, ["kernel.some"]]);
    },
  },
  {
    name: "a front end that comes late misses nothing once it has been heard (as VS Code does it)",
    async run(kernel) {
      const late = await kernel.connect();
      try {
        for (let heard = false; !heard;) {
          const info = await late.send("kernel_info_request");
          await info.reply();
          heard = await late
            .wait("idle", () => info.idle, 1000)
            .then(
              () => true,
              () => false,
            );
        }
        const cell = await late.run(kernel.code(print("late")));
        assert.equal(cell.stdout, "late\n");
      } finally {
        await late.close();
      }
    },
  },
  {
    name: "all front ends hear the output; only the asker gets the reply",
    async run(kernel) {
      const other = await kernel.connect();
      try {
        await (await other.send("kernel_info_request")).done();
        const cell = await kernel.client.run(kernel.code(print("for all")));
        await other.wait("the output", () =>
          other.heard.find(({ message }) => message?.content.text === "for all\n"),
        );
        const replies = other.heard.filter(
          ({ channel, message }) => channel === "shell" && message?.parent.msg_id === cell.id,
        );
        assert.equal(replies.length, 0);
      } finally {
        await other.close();
      }
    },
  },
  {
    name: "connect_request is answered with the ports",
    async run({ client }) {
      const reply = await client.request("connect");
      for (const key of ["shell_port", "iopub_port", "stdin_port", "hb_port", "control_port"]) {
        const nested = reply[key.replace("_port", "")] as { port?: number } | number | undefined;
        const port = reply[key] ?? (typeof nested === "object" ? nested.port : nested);
        assert.equal(typeof port, "number", key);
      }
    },
  },
  {
    name: "usage_request says processor and memory",
    async run({ client, pid }) {
      const usage = await client.request("usage", {}, { channel: "control" });
      assert.equal(usage.pid, pid);
      assert.ok(Number(usage.kernel_memory) > 1e6, JSON.stringify(usage));
      assert.equal(typeof usage.kernel_cpu, "number");
      assert.equal(typeof usage.host_virtual_memory, "object");
    },
  },
  {
    name: "heartbeat while idle",
    async run({ bridge, number }) {
      const { spent } = await bridge.ask<{ spent: number[] | null }>("heartbeat", {
        kernel: number,
        times: 5,
      });
      assert.equal(spent?.length, 5);
    },
  },
  {
    name: "heartbeat while a cell computes in a loop",
    async run({ bridge, client, code, number }) {
      const cell = await client.begin(code(compute(2000)));
      await cell.begins();
      const { spent } = await bridge.ask<{ spent: number[] | null }>("heartbeat", {
        kernel: number,
        times: 5,
      });
      const before = cell.idle === undefined;
      await cell.done();
      assert.ok(before && spent?.length === 5, "silent, or only after the cell");
    },
  },
  {
    name: "control is answered while a cell computes in a loop",
    async run({ client, code }) {
      const cell = await client.begin(code(compute(2000)));
      await cell.begins();
      await client.request("kernel_info", {}, { channel: "control" });
      const before = cell.heardOn("shell") === undefined;
      await cell.done();
      assert.ok(before, "answered only after the cell");
    },
  },
  {
    name: "control goes before what is queued on shell",
    async run({ client, code }) {
      const cell = await client.begin(code(sleep(1500)));
      const queued = [];
      for (let each = 0; each < 5; each++) queued.push(await client.begin(code(print("x"))));
      await delay(300);
      const infos = [];
      for (let each = 0; each < 5; each++)
        infos.push(await client.send("kernel_info_request", {}, { channel: "control" }));
      for (const sent of [cell, ...queued, ...infos]) await sent.done();
      assert.ok(
        infos.at(-1)!.heardOn("control")!.time < queued[0]!.heardOn("shell")!.time,
        "answered only after shell",
      );
    },
  },
  {
    name: "control requests are answered one by one, in order",
    async run({ client }) {
      const sent = [];
      for (let each = 0; each < 10; each++)
        sent.push(await client.send("kernel_info_request", {}, { channel: "control" }));
      for (const each of sent) await each.done();
      const times = sent.map((each) => each.heardOn("control")!.time);
      assert.deepEqual(times, [...times].sort());
    },
  },
  ...ending,
]);
