import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Content } from "../support/bridge.ts";
import { topic } from "../support/case.ts";
import type { Client, Sent } from "../support/client.ts";
import { noWay } from "../support/codes.ts";
import type { Code } from "../support/kernel.ts";

const bytes = Buffer.from([1, 2, 3, 250]).toString("base64");

/** Says what is to happen with comms that a front end opens to the target `echo`: whatever comes goes back, bytes and all. */
const registerEcho: Code = {
  convoscope: `import { registerCommTarget } from "convoscope";
registerCommTarget("echo", (comm, opened) => {
  comm.send({ opened: opened.data });
  comm.onMessage(({ data, buffers }) => comm.send({ echo: data }, { buffers }));
  comm.onClose(() => console.log("closed"));
});
undefined`,
  ts: noWay,
  py: `from comm import get_comm_manager
def echo(comm, opened):
    comm.send({"opened": opened["content"]["data"]})
    comm.on_msg(lambda m: comm.send({"echo": m["content"]["data"]}, buffers=m["buffers"]))
    comm.on_close(lambda m: print("closed"))
get_comm_manager().register_target("echo", echo)`,
};

async function openEcho(client: Client, register: string): Promise<{ id: string; sent: Sent }> {
  await client.run(register);
  const id = randomUUID();
  const content = { comm_id: id, target_name: "echo", data: { a: 1 } };
  const sent = await client.send("comm_open", content);
  await sent.publishes("comm_msg");
  return { id, sent };
}

const openOne: Code = {
  convoscope: `import { openComm } from "convoscope";
let comm = openComm("some.target", { data: { state: 1 }, metadata: { version: "2.1.0" }, buffers: [Uint8Array.of(1, 2, 3, 250)] }); undefined`,
  deno: `await Deno.jupyter.broadcast("comm_open", { comm_id: "c1", target_name: "some.target", data: { state: 1 } }, { metadata: { version: "2.1.0" }, buffers: [Uint8Array.of(1, 2, 3, 250)] }); undefined`,
  tslab: noWay,
  py: `from comm import create_comm
comm = create_comm(target_name="some.target", data={"state": 1}, metadata={"version": "2.1.0"}, buffers=[bytes([1, 2, 3, 250])])`,
};

export const comms = topic("comms", [
  {
    name: "comm_info lists nothing at first",
    async run({ client }) {
      assert.deepEqual(await client.request("comm_info"), { status: "ok", comms: {} });
    },
  },
  {
    name: "a comm to an unknown target is closed, on IOPub",
    async run({ client }) {
      const sent = await client.send("comm_open", { comm_id: "u1", target_name: "nobody", data: {} });
      const closed = await sent.publishes("comm_close");
      assert.equal(closed.content.comm_id, "u1");
      await client.wait("idle", () => sent.idle);
    },
  },
  {
    name: "messages for unknown comms do nothing",
    async run({ client }) {
      for (const type of ["comm_msg", "comm_close"]) {
        const sent = await client.send(type, { comm_id: "nobody", data: {} });
        await client.wait("idle", () => sent.idle);
      }
      assert.equal((await client.run("1")).value, "1");
    },
  },
  {
    name: "the kernel opens a comm, with metadata and bytes",
    async run({ client, code }) {
      const cell = await client.run(code(openOne));
      const { content, metadata, buffers } = await cell.publishes("comm_open");
      assert.deepEqual([content.target_name, content.data], ["some.target", { state: 1 }]);
      assert.equal(metadata.version, "2.1.0");
      assert.deepEqual(buffers, [bytes]);
    },
  },
  {
    name: "the kernel sends over it and closes it",
    async run({ client, code }) {
      const opened = await client.run(code(openOne));
      const id = (await opened.publishes("comm_open")).content.comm_id;
      const cell = await client.run(
        code({
          convoscope: "comm.send({ state: 2 }, { buffers: [Uint8Array.of(1, 2, 3, 250)] }); comm.close()",
          deno: 'await Deno.jupyter.broadcast("comm_msg", { comm_id: "c1", data: { state: 2 } }, { buffers: [Uint8Array.of(1, 2, 3, 250)] }); await Deno.jupyter.broadcast("comm_close", { comm_id: "c1", data: {} }); undefined',
          ts: noWay,
          py: 'comm.send({"state": 2}, buffers=[bytes([1, 2, 3, 250])]); comm.close()',
        }),
      );
      const message = await cell.publishes("comm_msg");
      assert.deepEqual([message.content.comm_id, message.content.data], [id, { state: 2 }]);
      assert.deepEqual(message.buffers, [bytes]);
      assert.equal((await cell.publishes("comm_close")).content.comm_id, id);
    },
  },
  {
    name: "comm_info lists what is open, all or by target",
    async run({ client, code }) {
      const opened = await client.run(code(openOne));
      const id = String((await opened.publishes("comm_open")).content.comm_id);
      const all = await client.request("comm_info");
      assert.deepEqual((all.comms as Content)[id], { target_name: "some.target" });
      const others = await client.request("comm_info", { target_name: "another" });
      assert.deepEqual(others.comms, {});
      const own = await client.request("comm_info", { target_name: "some.target" });
      assert.ok(id in (own.comms as Content), "not listed");
    },
  },
  {
    name: "a comm that the front end opens reaches the target that a cell has registered",
    async run({ client, code }) {
      const { id, sent } = await openEcho(client, code(registerEcho));
      const { content } = sent.of("comm_msg")[0]!;
      assert.deepEqual([content.comm_id, content.data], [id, { opened: { a: 1 } }]);
    },
  },
  {
    name: "messages and bytes go both ways; the answer has the front end's message for a parent",
    async run({ client, code }) {
      const { id } = await openEcho(client, code(registerEcho));
      const sent = await client.send("comm_msg", { comm_id: id, data: { b: [1] } }, { buffers: [bytes] });
      const { content, buffers } = await sent.publishes("comm_msg");
      assert.deepEqual([content.data, buffers], [{ echo: { b: [1] } }, [bytes]]);
      await client.wait("idle", () => sent.idle);
      assert.deepEqual(sent.trace, ["busy", "comm_msg", "idle"]);
    },
  },
  {
    name: "the front end closes a comm: the cell's listener hears it, its output is shown",
    async run({ client, code }) {
      const { id } = await openEcho(client, code(registerEcho));
      const sent = await client.send("comm_close", { comm_id: id, data: {} });
      await client.wait("idle", () => sent.idle);
      await client.wait("what the listener prints", () =>
        client.heard.find(({ message }) => message?.content.text === "closed\n"),
      );
      const { comms: open } = await client.request("comm_info", { target_name: "echo" });
      assert.ok(!(id in (open as Content)), "still listed");
    },
  },
  {
    name: "an error in a listener is shown, and the comm lives on",
    async run({ client, code }) {
      await client.run(
        code({
          convoscope: `import { registerCommTarget } from "convoscope";
registerCommTarget("failing", (comm) => { comm.onMessage(({ data }) => { if (data.fail) throw new Error("in a listener"); comm.send({ fine: true }); }); }); undefined`,
          ts: noWay,
          py: `from comm import get_comm_manager
def target(comm, opened):
    def listen(m):
        if m["content"]["data"].get("fail"): raise OSError("in a listener")
        comm.send({"fine": True})
    comm.on_msg(listen)
get_comm_manager().register_target("failing", target)`,
        }),
      );
      await client.send("comm_open", { comm_id: "f1", target_name: "failing", data: {} });
      const bad = await client.send("comm_msg", { comm_id: "f1", data: { fail: true } });
      await client.wait("idle", () => bad.idle);
      const good = await client.send("comm_msg", { comm_id: "f1", data: {} });
      await good.publishes("comm_msg");
      assert.match(bad.complaint, /in a listener/);
    },
  },
  {
    name: "100 comms are opened, spoken to and closed, and none is left",
    async run({ client, code }) {
      await openEcho(client, code(registerEcho));
      const before = Object.keys((await client.request("comm_info")).comms as Content).length;
      const all = [];
      for (let each = 0; each < 100; each++) {
        const comm_id = `many-${each}`;
        await client.send("comm_open", { comm_id, target_name: "echo", data: {} });
        all.push(await client.send("comm_msg", { comm_id, data: { each } }));
        await client.send("comm_close", { comm_id, data: {} });
      }
      for (const [each, sent] of all.entries())
        assert.deepEqual((await sent.publishes("comm_msg")).content.data, { echo: { each } });
      await client.run("1");
      const after = Object.keys((await client.request("comm_info")).comms as Content).length;
      assert.equal(after, before);
    },
  },
]);
