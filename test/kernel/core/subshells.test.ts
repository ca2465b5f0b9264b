import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";

import { failed, freshBench } from "./support.ts";

describe("subshells", () => {
  const bench = freshBench();
  let ends: (() => void)[];
  beforeEach(() => {
    ends = [];
    bench.interpreter.programs.long = () => new Promise((resolve) => ends.push(() => resolve(undefined)));
    bench.interpreter.programs.bad = () => failed;
  });

  const control = (type: string, content = {}): Promise<Record<string, unknown>> =>
    bench.transport.ask(type, content, { channel: "control" });
  const create = async (): Promise<string> => String((await control("create_subshell_request")).subshell_id);
  const inSubshell = (id: unknown): { header: Record<string, unknown> } => ({ header: { subshell_id: id } });

  it("are created, listed and deleted on control", async () => {
    const [a, b] = [await create(), await create()];
    assert.notEqual(a, b);
    assert.deepEqual(await control("list_subshell_request"), { status: "ok", subshell_id: [a, b] });
    assert.deepEqual(await control("delete_subshell_request", { subshell_id: a }), { status: "ok" });
    assert.deepEqual(await control("list_subshell_request"), { status: "ok", subshell_id: [b] });
  });

  it("run cells while the main shell and others run theirs, numbered in one row", async () => {
    const id = await create();
    const main = bench.transport.receive("execute_request", { code: "long" });
    const beside = await bench.transport.ask("execute_request", { code: "" }, inSubshell(id));
    assert.equal(beside.execution_count, 2);
    assert.equal(bench.transport.reply(main), undefined);
    ends[0]!();
    await bench.transport.idle(main);
    assert.equal(bench.transport.reply(main)?.execution_count, 1);
  });

  it("run their own cells one after the other", async () => {
    const id = await create();
    bench.transport.receive("execute_request", { code: "long" }, inSubshell(id));
    const second = bench.transport.receive("execute_request", { code: "second" }, inSubshell(id));
    await turn();
    assert.equal(bench.interpreter.executed.length, 1);
    ends[0]!();
    await bench.transport.idle(second);
    assert.equal(bench.interpreter.executed.length, 2);
  });

  it("name themselves in the header that is the parent of the output", async () => {
    const id = await create();
    const request = bench.transport.receive("execute_request", { code: "" }, inSubshell(id));
    await bench.transport.idle(request);
    for (const { parentHeader } of bench.transport.of(request)) assert.equal(parentHeader.subshell_id, id);
  });

  it("take null for the main shell", async () => {
    assert.equal((await bench.transport.ask("execute_request", { code: "" }, inSubshell(null))).status, "ok");
  });

  it("drop what waits behind a failed cell, of their own alone", async () => {
    const id = await create();
    bench.transport.receive("execute_request", { code: "long" });
    const main = bench.transport.receive("execute_request", { code: "main" });
    const bad = bench.transport.receive("execute_request", { code: "bad" }, inSubshell(id));
    const dropped = bench.transport.receive("execute_request", { code: "dropped" }, inSubshell(id));
    await bench.transport.idle(bad);
    await bench.transport.idle(dropped);
    ends[0]!();
    await bench.transport.idle(main);
    assert.deepEqual(
      [bad, dropped, main].map((request) => bench.transport.reply(request)?.status),
      ["error", "aborted", "ok"],
    );
  });

  it("finish what they have when they are deleted, and take nothing new", async () => {
    const id = await create();
    const running = bench.transport.receive("execute_request", { code: "long" }, inSubshell(id));
    const queued = bench.transport.receive("execute_request", { code: "queued" }, inSubshell(id));
    await control("delete_subshell_request", { subshell_id: id });
    const late = await bench.transport.ask("execute_request", { code: "late" }, inSubshell(id));
    assert.deepEqual([late.status, late.ename], ["error", "UnknownSubshellError"]);
    ends[0]!();
    await bench.transport.idle(running);
    await bench.transport.idle(queued);
    assert.equal(bench.transport.reply(queued)?.status, "ok");
  });

  for (const id of ["nowhere", 5, {}, "__proto__"]) {
    it(`answer with an error when ${JSON.stringify(id)} is none of them`, async () => {
      const request = bench.transport.receive("kernel_info_request", {}, inSubshell(id));
      await bench.transport.idle(request);
      assert.deepEqual(bench.transport.trace(request), [
        "iopub status busy",
        "shell kernel_info_reply",
        "iopub status idle",
      ]);
      assert.equal(bench.transport.reply(request)?.ename, "UnknownSubshellError");
      const reply = await control("delete_subshell_request", { subshell_id: id });
      assert.deepEqual([reply.status, reply.ename], ["error", "UnknownSubshellError"]);
    });
  }

  it("are all stopped by one interrupt", async () => {
    const id = await create();
    bench.transport.receive("execute_request", { code: "long" });
    bench.transport.receive("execute_request", { code: "long" }, inSubshell(id));
    await control("interrupt_request");
    assert.equal(bench.interpreter.interrupts, 1);
    for (const end of ends) end();
  });
});
