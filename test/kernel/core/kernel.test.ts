import assert from "node:assert/strict";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";

import type { Outcome } from "../../../src/kernel/core/interpreter.ts";
import { Kernel } from "../../../src/kernel/core/kernel.ts";
import { MockInterpreter, MockTransport } from "./support.ts";

const failed: Outcome = { status: "error", ename: "Oops", evalue: "bad", traceback: ["Oops: bad"] };

function text(value: string): Outcome {
  return { status: "ok", result: { data: { "text/plain": value }, metadata: {} } };
}

describe("Kernel", () => {
  let transport: MockTransport;
  let interpreter: MockInterpreter;
  let kernel: Kernel;
  let log: string[];
  let running: Promise<void>;

  beforeEach(() => {
    transport = new MockTransport();
    interpreter = new MockInterpreter();
    log = [];
    const implementation = { name: "test", version: "0" };
    kernel = new Kernel({
      transport,
      interpreter,
      implementation,
      session: "kernel",
      log: (line) => log.push(line),
    });
    running = kernel.run();
  });

  it("says once that it is starting, with no parent", () => {
    const [first, ...others] = transport.sent;
    assert.deepEqual(
      [first?.header.msg_type, first?.content, first?.parentHeader],
      ["status", { execution_state: "starting" }, {}],
    );
    assert.equal(others.length, 0);
  });

  it("executes in the order of the protocol: busy, input, result, reply, idle", async () => {
    interpreter.programs["1+1"] = () => text("2");
    const request = transport.receive("execute_request", { code: "1+1" });
    await turn();
    assert.deepEqual(transport.trace(request), [
      "iopub status busy",
      "iopub execute_input",
      "iopub execute_result",
      "shell execute_reply",
      "iopub status idle",
    ]);
    const result = transport.of(request)[2]!;
    assert.deepEqual(result.content, { data: { "text/plain": "2" }, metadata: {}, execution_count: 1 });
    const expected = { status: "ok", execution_count: 1, user_expressions: {}, payload: [] };
    assert.deepEqual(transport.reply(request), expected);
  });

  it("sends replies to who asked, and output under one topic; each with an own id and the kernel's session", async () => {
    const request = transport.receive("kernel_info_request");
    await turn();
    const messages = transport.of(request);
    const reply = messages.find(({ channel }) => channel === "shell")!;
    assert.deepEqual(reply.identities, request.identities);
    assert.deepEqual(reply.parentHeader, request.header);
    for (const { channel, identities } of messages) {
      if (channel === "iopub") assert.deepEqual(identities.map(String).length, 1);
    }
    assert.equal(Buffer.from(messages[0]!.identities[0]!).toString(), "kernel.kernel.status");
    assert.equal(new Set(messages.map(({ header }) => header.msg_id)).size, messages.length);
    assert.deepEqual(new Set(messages.map(({ header }) => header.session)), new Set(["kernel"]));
  });

  it("flushes what a cell prints before a display, an error and the reply", async () => {
    interpreter.programs.print = () => {
      kernel.stream("stdout", "a");
      kernel.display({ data: { "text/plain": "picture" }, metadata: {} });
      kernel.stream("stderr", "b");
      kernel.stream("stderr", "c");
      return failed;
    };
    const request = transport.receive("execute_request", { code: "print" });
    await turn();
    await turn();
    assert.deepEqual(transport.trace(request).slice(2), [
      "iopub stream",
      "iopub display_data",
      "iopub stream",
      "iopub error",
      "shell execute_reply",
      "iopub status idle",
    ]);
    assert.deepEqual(transport.of(request)[4]!.content, { name: "stderr", text: "bc" });
    assert.deepEqual(transport.of(request)[3]!.content.transient, {});
  });

  it("updates a display in place when it has an id", async () => {
    interpreter.programs.show = () => {
      kernel.display({ data: {}, metadata: {} }, { displayId: "d", update: true });
      return { status: "ok" };
    };
    const request = transport.receive("execute_request", { code: "show" });
    await turn();
    const update = transport.of(request).find(({ header }) => header.msg_type === "update_display_data");
    assert.deepEqual(update?.content.transient, { display_id: "d" });
  });

  it("puts late output under the cell that started it, not the one that runs", async () => {
    interpreter.programs.first = () => {
      setTimeout(() => kernel.stream("stdout", "late"), 20);
      return { status: "ok" };
    };
    interpreter.programs.second = async () => {
      kernel.stream("stdout", "second");
      await delay(60);
      return { status: "ok" };
    };
    const first = transport.receive("execute_request", { code: "first" });
    const second = transport.receive("execute_request", { code: "second" });
    await delay(120);
    const texts = (request: typeof first): unknown[] =>
      transport
        .of(request)
        .filter(({ header }) => header.msg_type === "stream")
        .map(({ content }) => content.text);
    assert.deepEqual([texts(first), texts(second)], [["late"], ["second"]]);
  });

  it("reports an error on IOPub and in the reply, with the same number", async () => {
    interpreter.programs.bad = () => failed;
    const request = transport.receive("execute_request", { code: "bad" });
    await turn();
    await turn();
    const error = transport.of(request).find(({ header }) => header.msg_type === "error")!;
    assert.deepEqual(error.content, { ename: "Oops", evalue: "bad", traceback: ["Oops: bad"] });
    const reply = transport.reply(request)!;
    assert.deepEqual([reply.status, reply.ename, reply.execution_count], ["error", "Oops", 1]);
  });

  it("drops the cells queued behind a failed one, answers other requests, and then goes on", async () => {
    interpreter.programs.bad = () => failed;
    const bad = transport.receive("execute_request", { code: "bad" });
    const dropped = transport.receive("execute_request", { code: "dropped" });
    const info = transport.receive("kernel_info_request");
    transport.onReply(bad, () => transport.receive("execute_request", { code: "after the reply" }));
    await turn();
    await turn();
    assert.equal(transport.reply(bad)?.status, "error");
    assert.deepEqual(transport.trace(dropped), [
      "iopub status busy",
      "shell execute_reply",
      "iopub status idle",
    ]);
    assert.equal(transport.reply(dropped)?.status, "aborted");
    assert.equal(transport.reply(info)?.status, "ok");
    assert.deepEqual(
      interpreter.executed.map(({ code }) => code),
      ["bad", "after the reply"],
    );
  });

  it("goes on after an error when stop_on_error is false, unless the user interrupted", async () => {
    interpreter.programs.bad = () => failed;
    interpreter.programs.stopped = () => ({ ...failed, interrupted: true });
    transport.receive("execute_request", { code: "bad", stop_on_error: false });
    const next = transport.receive("execute_request", { code: "stopped", stop_on_error: false });
    const dropped = transport.receive("execute_request", { code: "dropped" });
    await turn();
    await turn();
    assert.equal(transport.reply(next)?.status, "error");
    assert.equal(transport.reply(dropped)?.status, "aborted");
  });

  it("keeps a silent request quiet and does not count it", async () => {
    interpreter.programs.quiet = () => {
      kernel.stream("stdout", "unheard");
      return text("unseen");
    };
    const silent = transport.receive("execute_request", { code: "quiet", silent: true });
    const loud = transport.receive("execute_request", { code: "quiet" });
    await turn();
    assert.deepEqual(transport.trace(silent), [
      "iopub status busy",
      "shell execute_reply",
      "iopub status idle",
    ]);
    assert.equal(transport.reply(silent)?.execution_count, 0);
    assert.equal(transport.reply(loud)?.execution_count, 1);
  });

  it("fails a cell whose result cannot be written", async () => {
    interpreter.programs.big = () => ({
      status: "ok",
      result: { data: { "application/json": 5n }, metadata: {} },
    });
    const request = transport.receive("execute_request", { code: "big" });
    await turn();
    await turn();
    assert.equal(transport.reply(request)?.status, "error");
    assert.ok(transport.trace(request).includes("iopub error"));
  });

  it("evaluates user expressions after a success, each with its own outcome", async () => {
    interpreter.programs.a = () => text("1");
    interpreter.programs.b = () => failed;
    const request = transport.receive("execute_request", {
      code: "ok",
      user_expressions: { x: "a", y: "b" },
    });
    await turn();
    assert.deepEqual(transport.reply(request)?.user_expressions, {
      x: { status: "ok", data: { "text/plain": "1" }, metadata: {} },
      y: failed,
    });
  });

  it("introduces itself on shell and on control", async () => {
    for (const channel of ["shell", "control"] as const) {
      const request = transport.receive("kernel_info_request", {}, channel);
      await turn();
      const reply = transport.of(request).find((message) => message.channel === channel)!.content;
      assert.deepEqual([reply.status, reply.protocol_version, reply.implementation], ["ok", "5.5", "test"]);
      assert.equal((reply.language_info as { name: string }).name, "mock");
      assert.deepEqual(reply.supported_features, []);
    }
  });

  const small: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["is_complete", { code: "f(" }, { status: "incomplete", indent: "  " }],
    ["is_complete", { code: "f()" }, { status: "complete" }],
    ["comm_info", {}, { status: "ok", comms: {} }],
    ["history", {}, { status: "ok", history: [] }],
    ["inspect", {}, { status: "ok", found: false, data: {}, metadata: {} }],
    [
      "complete",
      { code: "😀a", cursor_pos: 2 },
      { status: "ok", matches: [], cursor_start: 2, cursor_end: 2, metadata: {} },
    ],
  ];
  it("closes a comm that is opened, since it has no target for it, and drops what comes for it", async () => {
    const opened = transport.receive("comm_open", { comm_id: "a", target_name: "jupyter.widget.control" });
    const told = transport.receive("comm_msg", { comm_id: "a", data: {} });
    await turn();
    assert.deepEqual(transport.trace(opened), ["iopub status busy", "iopub comm_close", "iopub status idle"]);
    assert.equal(transport.of(opened)[1]?.content.comm_id, "a");
    assert.deepEqual(transport.trace(told), ["iopub status busy", "iopub status idle"]);
  });

  for (const [name, content, reply] of small) {
    it(`answers ${name} ${JSON.stringify(content)}`, async () => {
      const request = transport.receive(`${name}_request`, content);
      await turn();
      assert.deepEqual(transport.trace(request), [
        "iopub status busy",
        `shell ${name}_reply`,
        "iopub status idle",
      ]);
      assert.deepEqual(transport.reply(request), reply);
    });
  }

  it("hears an interrupt while a cell runs", async () => {
    interpreter.programs.long = async () => {
      await delay(50);
      return { status: "ok" };
    };
    const cell = transport.receive("execute_request", { code: "long" });
    const request = transport.receive("interrupt_request", {}, "control");
    await turn();
    assert.equal(interpreter.interrupts, 1);
    assert.deepEqual(transport.reply(request), { status: "ok" });
    assert.equal(transport.reply(cell), undefined);
  });

  for (const restart of [false, true]) {
    it(`shuts down with restart ${restart}: replies, says so to all, closes its sockets`, async () => {
      const request = transport.receive("shutdown_request", { restart }, "control");
      await running;
      assert.deepEqual(transport.trace(request), [
        "iopub status busy",
        "iopub shutdown_reply",
        "control shutdown_reply",
        "iopub status idle",
      ]);
      assert.deepEqual(transport.reply(request), { status: "ok", restart });
      assert.ok(transport.closed);
    });
  }

  it("logs a message that it does not know and lives on", async () => {
    const unknown = transport.receive("frobnicate_request");
    const info = transport.receive("kernel_info_request");
    await turn();
    assert.deepEqual(transport.of(unknown), []);
    assert.match(log[0]!, /frobnicate_request/);
    assert.equal(transport.reply(info)?.status, "ok");
  });

  it("answers with an error when an interpreter breaks, and lives on", async () => {
    interpreter.programs.broken = () => {
      throw new RangeError("broken");
    };
    const request = transport.receive("execute_request", { code: "broken" });
    await turn();
    const reply = transport.reply(request)!;
    assert.deepEqual([reply.status, reply.ename, reply.evalue], ["error", "RangeError", "broken"]);
    assert.equal(transport.trace(request).at(-1), "iopub status idle");
    assert.match(log[0]!, /execute_request failed: RangeError: broken/);
  });
});
