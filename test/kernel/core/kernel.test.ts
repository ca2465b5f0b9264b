import assert from "node:assert/strict";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";

import type { Kernel } from "../../../src/kernel/core/kernel.ts";
import {
  assertAllValid,
  failed,
  result as text,
  startBench,
  type Bench,
  type MockInterpreter,
  type MockTransport,
} from "./support.ts";

describe("Kernel", () => {
  let bench: Bench;
  let transport: MockTransport;
  let interpreter: MockInterpreter;
  let kernel: Kernel;
  let log: string[];
  let running: Promise<void>;

  beforeEach(() => {
    bench = startBench();
    ({ transport, interpreter, kernel, log, running } = bench);
  });
  afterEach(() => assertAllValid(bench));

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
    interpreter.programs.print = (origin) => {
      kernel.stream(origin, "stdout", "a");
      kernel.display(origin, { data: { "text/plain": "picture" }, metadata: {} });
      kernel.stream(origin, "stderr", "b");
      kernel.stream(origin, "stderr", "c");
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

  it("updates a display in place when it has an id, and clears the output at once or with what comes next", async () => {
    interpreter.programs.show = (origin) => {
      kernel.display(origin, { data: {}, metadata: {} }, { displayId: "d", update: true });
      kernel.display(origin, { data: {}, metadata: {} }, { update: true });
      kernel.clearOutput(origin, { wait: true });
      kernel.clearOutput(origin);
      return undefined;
    };
    const request = transport.receive("execute_request", { code: "show" });
    await turn();
    const [update] = transport.of(request, "update_display_data");
    assert.deepEqual(update?.content.transient, { display_id: "d" });
    // Without an id nothing can be found again: it is shown anew.
    assert.equal(transport.of(request, "display_data").length, 1);
    assert.deepEqual(
      transport.of(request, "clear_output").map(({ content }) => content),
      [{ wait: true }, { wait: false }],
    );
  });

  it("puts late output under the cell that started it, not the one that runs", async () => {
    interpreter.programs.first = (origin) => {
      setTimeout(() => kernel.stream(origin, "stdout", "late"), 20);
      return undefined;
    };
    interpreter.programs.second = async (origin) => {
      kernel.stream(origin, "stdout", "second");
      await delay(60);
      return undefined;
    };
    const first = transport.receive("execute_request", { code: "first" });
    const second = transport.receive("execute_request", { code: "second" });
    await delay(120);
    const texts = (request: typeof first): unknown[] =>
      transport.of(request, "stream").map(({ content }) => content.text);
    assert.deepEqual([texts(first), texts(second)], [["late"], ["second"]]);
  });

  it("puts output without an origin, or with one it does not know, under the latest cell that is seen", async () => {
    kernel.stream(undefined, "stderr", "before any cell");
    const cell = transport.receive("execute_request", { code: "" });
    await transport.idle(cell);
    await transport.ask("execute_request", { code: "", silent: true });
    kernel.stream(undefined, "stderr", "a");
    kernel.stream(12345, "stderr", "b");
    kernel.display(undefined, { data: {}, metadata: {} });
    assert.equal(transport.of(cell, "stream")[0]?.content.text, "ab");
    assert.equal(transport.of(cell, "display_data").length, 1);
    const [orphan] = transport.sent.filter(({ header }) => header.msg_type === "stream");
    assert.deepEqual([orphan?.content.text, orphan?.parentHeader], ["before any cell", {}]);
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
    interpreter.programs.quiet = (origin) => {
      kernel.stream(origin, "stdout", "unheard");
      kernel.clearOutput(origin);
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
      const request = transport.receive("kernel_info_request", {}, { channel });
      await turn();
      const reply = transport.of(request).find((message) => message.channel === channel)!.content;
      assert.deepEqual([reply.status, reply.protocol_version, reply.implementation], ["ok", "5.5", "test"]);
      assert.equal((reply.language_info as { name: string }).name, "mock");
      assert.deepEqual([reply.supported_features, reply.debugger], [["kernel subshells"], false]);
    }
  });

  const small: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["is_complete", { code: "f(" }, { status: "incomplete", indent: "  " }],
    ["is_complete", { code: "f()" }, { status: "complete" }],
    ["comm_info", {}, { status: "ok", comms: {} }],
    ["history", {}, { status: "ok", history: [] }],
  ];
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
    const request = transport.receive("interrupt_request", {}, { channel: "control" });
    await turn();
    assert.equal(interpreter.interrupts, 1);
    assert.deepEqual(transport.reply(request), { status: "ok" });
    assert.equal(transport.reply(cell), undefined);
  });

  for (const channel of ["control", "shell"] as const) {
    for (const restart of [false, true]) {
      it(`shuts down on ${channel} with restart ${restart}: replies, says so to all, closes its sockets`, async () => {
        const request = transport.receive("shutdown_request", { restart }, { channel });
        await running;
        assert.deepEqual(transport.trace(request), [
          "iopub status busy",
          "iopub shutdown_reply",
          `${channel} shutdown_reply`,
          "iopub status idle",
        ]);
        assert.deepEqual(transport.reply(request), { status: "ok", restart });
        assert.ok(transport.closed);
      });
    }
  }

  it("answers the cell that ends the kernel, also when another request ends before it", async () => {
    interpreter.programs.exit = async () => {
      await turn();
      kernel.shutDown();
      await delay(20);
      return undefined;
    };
    interpreter.isComplete = async () => {
      await delay(5);
      return { status: "complete" };
    };
    const cell = transport.receive("execute_request", { code: "exit" });
    const other = transport.receive("is_complete_request");
    await running;
    assert.equal(transport.reply(other)?.status, "complete");
    assert.equal(transport.reply(cell)?.status, "ok");
  });

  it("ends although the cell that it runs does not", async () => {
    interpreter.programs.endless = () => new Promise(() => undefined);
    const cell = transport.receive("execute_request", { code: "endless" });
    kernel.shutDown();
    await running;
    assert.equal(transport.reply(cell), undefined);
    assert.ok(transport.closed);
  });

  it("logs a message that it does not know and lives on", async () => {
    for (const type of ["frobnicate_request", "__proto__", "constructor", "input_reply"]) {
      const unknown = transport.receive(type);
      await transport.idle(unknown);
      assert.deepEqual(transport.trace(unknown), ["iopub status busy", "iopub status idle"]);
      assert.match(log.pop()!, new RegExp(type));
    }
    assert.equal((await transport.ask("kernel_info_request")).status, "ok");
  });

  it("goes on when a message cannot be sent", async () => {
    const send = transport.send.bind(transport);
    transport.send = (channel, message) => {
      if (message.header.msg_type === "execute_reply") throw new Error("no route");
      send(channel, message);
    };
    await transport.ask("execute_request", { code: "" });
    assert.match(log.join(), /execute_reply is not sent: Error: no route/);
    assert.equal((await transport.ask("kernel_info_request")).status, "ok");
  });

  it("runs nothing that comes on stdin", async () => {
    const request = transport.receive("execute_request", { code: "x" }, { channel: "stdin" });
    await transport.idle(request);
    assert.deepEqual(interpreter.executed, []);
  });

  it("shows it under the cell when an interpreter breaks, and lives on", async () => {
    interpreter.programs.broken = () => {
      throw new RangeError("broken");
    };
    const request = transport.receive("execute_request", { code: "broken" });
    await transport.idle(request);
    const reply = transport.reply(request)!;
    assert.deepEqual([reply.status, reply.ename, reply.evalue], ["error", "RangeError", "broken"]);
    assert.equal(reply.execution_count, 1);
    assert.ok(transport.trace(request).includes("iopub error"));
    assert.match(log[0]!, /RangeError: broken/);
  });

  it("answers with an error when an interpreter cannot answer", async () => {
    interpreter.isComplete = () => Promise.reject(new TypeError("no"));
    const reply = await transport.ask("is_complete_request", { code: "a" });
    assert.deepEqual([reply.status, reply.ename, reply.evalue], ["error", "TypeError", "no"]);
    assert.match(log[0]!, /is_complete_request failed: TypeError: no/);
  });

  describe("while a cell runs", () => {
    let end: () => void;
    beforeEach(() => {
      interpreter.programs.long = () => new Promise((resolve) => (end = () => resolve(undefined)));
    });

    it("answers everything that needs no cell, each between busy and idle of its own", async () => {
      const cell = transport.receive("execute_request", { code: "long" });
      for (const channel of ["shell", "control"] as const) {
        for (const name of [
          ...["kernel_info", "is_complete", "complete", "inspect", "history", "connect", "usage"],
          ...["comm_info", "interrupt", "create_subshell", "list_subshell", "delete_subshell", "debug"],
        ]) {
          const request = transport.receive(`${name}_request`, {}, { channel });
          await transport.idle(request);
          assert.deepEqual(transport.trace(request), [
            "iopub status busy",
            `${channel} ${name}_reply`,
            "iopub status idle",
          ]);
        }
      }
      assert.equal(transport.reply(cell), undefined);
      end();
      await transport.idle(cell);
    });

    it("says that it is still busy after it answered something else", async () => {
      const states = (): unknown[] =>
        transport.sent
          .filter(({ header }) => header.msg_type === "status")
          .map((sent) => sent.content.execution_state);
      const cell = transport.receive("execute_request", { code: "long" });
      await transport.ask("kernel_info_request");
      assert.equal(states().at(-1), "busy");
      assert.deepEqual(transport.trace(cell), ["iopub status busy", "iopub execute_input"]);
      end();
      await transport.idle(cell);
      assert.equal(states().at(-1), "idle");
    });
  });

  it("tells the ports by the names of the connection file", async () => {
    const other = startBench({ ports: { shell: 1, iopub: 2, stdin: 3, control: 4, heartbeat: 5 } });
    assert.deepEqual(await other.transport.ask("connect_request"), {
      status: "ok",
      shell_port: 1,
      iopub_port: 2,
      stdin_port: 3,
      control_port: 4,
      hb_port: 5,
    });
    assertAllValid(other);
  });

  it("says what it uses of the machine", async () => {
    const usage = await transport.ask("usage_request", {}, { channel: "control" });
    assert.equal(usage.pid, process.pid);
    assert.ok(Number(usage.kernel_memory) > 1e6 && Number(usage.cpu_count) >= 1);
    const memory = usage.host_virtual_memory as Record<string, number>;
    assert.ok(memory.total! >= memory.used! && memory.percent! <= 100);
  });
});
