import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";

import {
  assertAllValid,
  failed,
  startBench,
  type Bench,
  type MockInterpreter,
  type MockTransport,
} from "./support.ts";

describe("subshells", () => {
  let bench: Bench;
  let transport: MockTransport;
  let interpreter: MockInterpreter;
  let ends: (() => void)[];
  beforeEach(() => {
    bench = startBench();
    ({ transport, interpreter } = bench);
    ends = [];
    interpreter.programs.long = () => new Promise((resolve) => ends.push(() => resolve(undefined)));
    interpreter.programs.bad = () => failed;
  });
  afterEach(() => assertAllValid(bench));

  const control = (type: string, content = {}): Promise<Record<string, unknown>> =>
    transport.ask(type, content, { channel: "control" });
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
    const main = transport.receive("execute_request", { code: "long" });
    const beside = await transport.ask("execute_request", { code: "" }, inSubshell(id));
    assert.equal(beside.execution_count, 2);
    assert.equal(transport.reply(main), undefined);
    ends[0]!();
    await transport.idle(main);
    assert.equal(transport.reply(main)?.execution_count, 1);
  });

  it("run their own cells one after the other", async () => {
    const id = await create();
    transport.receive("execute_request", { code: "long" }, inSubshell(id));
    const second = transport.receive("execute_request", { code: "second" }, inSubshell(id));
    await turn();
    assert.equal(interpreter.executed.length, 1);
    ends[0]!();
    await transport.idle(second);
    assert.equal(interpreter.executed.length, 2);
  });

  it("name themselves in the header that is the parent of the output", async () => {
    const id = await create();
    const request = transport.receive("execute_request", { code: "" }, inSubshell(id));
    await transport.idle(request);
    for (const { parentHeader } of transport.of(request)) assert.equal(parentHeader.subshell_id, id);
  });

  it("take null for the main shell", async () => {
    assert.equal((await transport.ask("execute_request", { code: "" }, inSubshell(null))).status, "ok");
  });

  it("drop what waits behind a failed cell, of their own alone", async () => {
    const id = await create();
    transport.receive("execute_request", { code: "long" });
    const main = transport.receive("execute_request", { code: "main" });
    const bad = transport.receive("execute_request", { code: "bad" }, inSubshell(id));
    const dropped = transport.receive("execute_request", { code: "dropped" }, inSubshell(id));
    await transport.idle(bad);
    await transport.idle(dropped);
    ends[0]!();
    await transport.idle(main);
    assert.deepEqual(
      [bad, dropped, main].map((request) => transport.reply(request)?.status),
      ["error", "aborted", "ok"],
    );
  });

  it("finish what they have when they are deleted, and take nothing new", async () => {
    const id = await create();
    const running = transport.receive("execute_request", { code: "long" }, inSubshell(id));
    const queued = transport.receive("execute_request", { code: "queued" }, inSubshell(id));
    await control("delete_subshell_request", { subshell_id: id });
    const late = await transport.ask("execute_request", { code: "late" }, inSubshell(id));
    assert.deepEqual([late.status, late.ename], ["error", "UnknownSubshellError"]);
    ends[0]!();
    await transport.idle(running);
    await transport.idle(queued);
    assert.equal(transport.reply(queued)?.status, "ok");
  });

  for (const id of ["nowhere", 5, {}, "__proto__"]) {
    it(`answer with an error when ${JSON.stringify(id)} is none of them`, async () => {
      const request = transport.receive("kernel_info_request", {}, inSubshell(id));
      await transport.idle(request);
      assert.deepEqual(transport.trace(request), [
        "iopub status busy",
        "shell kernel_info_reply",
        "iopub status idle",
      ]);
      assert.equal(transport.reply(request)?.ename, "UnknownSubshellError");
      const reply = await control("delete_subshell_request", { subshell_id: id });
      assert.deepEqual([reply.status, reply.ename], ["error", "UnknownSubshellError"]);
    });
  }

  it("are all stopped by one interrupt", async () => {
    const id = await create();
    transport.receive("execute_request", { code: "long" });
    transport.receive("execute_request", { code: "long" }, inSubshell(id));
    await control("interrupt_request");
    assert.equal(interpreter.interrupts, 1);
    for (const end of ends) end();
  });
});
