import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";

import { freshBench } from "./support.ts";

describe("comms", () => {
  const bench = freshBench();

  const types = (): string[] => bench.interpreter.comms.map(({ type, id }) => `${type} ${id}`);

  it("hands messages of the front end to the interpreter, with buffers and metadata", async () => {
    const buffers = [Uint8Array.of(1, 2)];
    const metadata = { version: "2.1.0" };
    const open = { comm_id: "a", target_name: "t", data: { x: 1 } };
    const request = bench.transport.receive("comm_open", open, { metadata, buffers });
    await bench.transport.idle(request);
    assert.deepEqual(bench.interpreter.comms, [
      { type: "comm_open", id: "a", target: "t", data: { x: 1 }, metadata, buffers },
    ]);
    assert.deepEqual(bench.transport.trace(request), ["iopub status busy", "iopub status idle"]);
    await bench.transport.ask("comm_msg", { comm_id: "a", data: { y: 2 } }, { buffers });
    await bench.transport.ask("comm_close", { comm_id: "a", data: {} });
    assert.deepEqual(types(), ["comm_open a", "comm_msg a", "comm_close a"]);
    assert.deepEqual(bench.interpreter.comms[1]?.buffers, buffers);
  });

  it("drops one without a name, which could not be answered either", async () => {
    const request = bench.transport.receive("comm_open", { comm_id: "", target_name: "t", data: {} });
    await bench.transport.idle(request);
    assert.deepEqual(bench.interpreter.comms, []);
    assert.deepEqual(bench.transport.trace(request), ["iopub status busy", "iopub status idle"]);
  });

  it("publishes messages of the interpreter under their request, with buffers and metadata", async () => {
    const buffers = [Uint8Array.of(7)];
    bench.interpreter.programs.widget = (origin) => {
      const metadata = { version: "2.1.0" };
      bench.kernel.comm(origin, {
        type: "comm_open",
        id: "w",
        target: "jupyter.widget",
        data: { a: 1 },
        metadata,
        buffers,
      });
      bench.kernel.comm(origin, { type: "comm_msg", id: "w", data: { b: 2 } });
      bench.kernel.comm(origin, { type: "comm_close", id: "w", data: {} });
      return undefined;
    };
    const cell = bench.transport.receive("execute_request", { code: "widget" });
    await bench.transport.idle(cell);
    const [open] = bench.transport.of(cell, "comm_open");
    assert.deepEqual(open?.content, { comm_id: "w", target_name: "jupyter.widget", data: { a: 1 } });
    assert.deepEqual([open.metadata, open.buffers], [{ version: "2.1.0" }, buffers]);
    assert.equal(Buffer.from(open.identities[0]!).toString(), "kernel.kernel.comm_open");
    assert.deepEqual(bench.transport.of(cell, "comm_msg")[0]?.content, { comm_id: "w", data: { b: 2 } });
    assert.deepEqual(bench.transport.of(cell, "comm_close")[0]?.content, { comm_id: "w", data: {} });
  });

  it("puts what the interpreter says to a message under that message", async () => {
    bench.interpreter.onComm = (message, origin) =>
      bench.kernel.comm(origin, { type: "comm_msg", id: message.id, data: { echo: true } });
    const request = bench.transport.receive("comm_open", { comm_id: "a", target_name: "t", data: {} });
    await bench.transport.idle(request);
    assert.deepEqual(bench.transport.trace(request), [
      "iopub status busy",
      "iopub comm_msg",
      "iopub status idle",
    ]);
  });

  it("lists the comms that are open, of all targets or of one", async () => {
    bench.kernel.comm(undefined, { type: "comm_open", id: "a", target: "one", data: {} });
    await bench.transport.ask("comm_open", { comm_id: "b", target_name: "two", data: {} });
    await bench.transport.ask("comm_open", { comm_id: "__proto__", target_name: "two", data: {} });
    await bench.transport.ask("comm_close", { comm_id: "__proto__", data: {} });
    const list = async (content = {}): Promise<unknown> =>
      (await bench.transport.ask("comm_info_request", content)).comms;
    assert.deepEqual(await list(), { a: { target_name: "one" }, b: { target_name: "two" } });
    assert.deepEqual(await list({ target_name: "two" }), { b: { target_name: "two" } });
    bench.kernel.comm(undefined, { type: "comm_close", id: "a", data: {} });
    assert.deepEqual(await list({ target_name: "one" }), {});
  });

  it("forgets a comm whose target the interpreter does not know and closes", async () => {
    bench.interpreter.onComm = ({ id }, origin) =>
      bench.kernel.comm(origin, { type: "comm_close", id, data: {} });
    await bench.transport.ask("comm_open", { comm_id: "a", target_name: "unknown", data: {} });
    assert.deepEqual((await bench.transport.ask("comm_info_request")).comms, {});
  });

  it("closes a comm that the interpreter fails to open", async () => {
    bench.interpreter.onComm = () => Promise.reject(new Error("no such target"));
    const request = bench.transport.receive("comm_open", { comm_id: "a", target_name: "t", data: {} });
    await bench.transport.idle(request);
    assert.deepEqual(bench.transport.trace(request), [
      "iopub status busy",
      "iopub comm_close",
      "iopub status idle",
    ]);
    assert.deepEqual((await bench.transport.ask("comm_info_request")).comms, {});
    assert.match(bench.log.join(), /comm_open failed: Error: no such target/);
  });

  const strangers: [string, string, Record<string, unknown>][] = [
    ["a message to a comm that is not open", "comm_msg", { comm_id: "a", data: {} }],
    ["a close of a comm that is not open", "comm_close", { comm_id: "a", data: {} }],
    ["a message without a comm", "comm_msg", { data: {} }],
    ["an open without a target", "comm_open", { comm_id: "a", data: {} }],
  ];
  for (const [what, type, content] of strangers) {
    it(`logs ${what}`, async () => {
      await bench.transport.ask(type, content);
      assert.deepEqual(bench.interpreter.comms, []);
      assert.match(bench.log[0]!, /not open/);
    });
  }

  describe("while a cell runs", () => {
    let end: () => void;
    beforeEach(() => {
      bench.interpreter.programs.long = () => new Promise((resolve) => (end = () => resolve(undefined)));
    });

    it("hands on messages of an open comm at once", async () => {
      await bench.transport.ask("comm_open", { comm_id: "a", target_name: "t", data: {} });
      const cell = bench.transport.receive("execute_request", { code: "long" });
      await bench.transport.ask("comm_msg", { comm_id: "a", data: {} });
      await bench.transport.ask("comm_close", { comm_id: "a", data: {} });
      assert.deepEqual(types(), ["comm_open a", "comm_msg a", "comm_close a"]);
      assert.equal(bench.transport.reply(cell), undefined);
      end();
      await bench.transport.idle(cell);
    });

    it("lets a comm be opened, and what follows for it, after the cells sent before", async () => {
      bench.transport.receive("execute_request", { code: "long" });
      bench.transport.receive("comm_open", { comm_id: "a", target_name: "t", data: {} });
      const endFirst = end;
      const second = bench.transport.receive("execute_request", { code: "long" });
      bench.transport.receive("comm_msg", { comm_id: "a", data: { n: 1 } });
      await turn();
      assert.deepEqual(types(), []);
      endFirst();
      while (bench.interpreter.executed.length < 2) await turn();
      // It is open by now, but another message for it still waits.
      const last = bench.transport.receive("comm_msg", { comm_id: "a", data: { n: 2 } });
      await turn();
      assert.deepEqual(types(), ["comm_open a"]);
      end();
      await bench.transport.idle(second);
      await bench.transport.idle(last);
      assert.deepEqual(
        bench.interpreter.comms.map(({ data }) => data.n),
        [undefined, 1, 2],
      );
    });
  });
});
