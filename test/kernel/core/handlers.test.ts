import assert from "node:assert/strict";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";

import { assertAllValid, freshBench, startBench } from "./support.ts";

describe("handlers", () => {
  const bench = freshBench();

  it("introduces itself on shell and on control", async () => {
    for (const channel of ["shell", "control"] as const) {
      const request = bench.transport.receive("kernel_info_request", {}, { channel });
      await turn();
      const reply = bench.transport.of(request).find((message) => message.channel === channel)!.content;
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
      const request = bench.transport.receive(`${name}_request`, content);
      await turn();
      assert.deepEqual(bench.transport.trace(request), [
        "iopub status busy",
        `shell ${name}_reply`,
        "iopub status idle",
      ]);
      assert.deepEqual(bench.transport.reply(request), reply);
    });
  }

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
    const usage = await bench.transport.ask("usage_request", {}, { channel: "control" });
    assert.equal(usage.pid, process.pid);
    assert.ok(Number(usage.kernel_memory) > 1e6 && Number(usage.cpu_count) >= 1);
    const memory = usage.host_virtual_memory as Record<string, number>;
    assert.ok(memory.total! >= memory.used! && memory.percent! <= 100);
  });

  it("hears an interrupt while a cell runs", async () => {
    bench.interpreter.programs.long = async () => {
      await delay(50);
      return { status: "ok" };
    };
    const cell = bench.transport.receive("execute_request", { code: "long" });
    const request = bench.transport.receive("interrupt_request", {}, { channel: "control" });
    await turn();
    assert.equal(bench.interpreter.interrupts, 1);
    assert.deepEqual(bench.transport.reply(request), { status: "ok" });
    assert.equal(bench.transport.reply(cell), undefined);
  });

  describe("while a cell runs", () => {
    let end: () => void;
    beforeEach(() => {
      bench.interpreter.programs.long = () => new Promise((resolve) => (end = () => resolve(undefined)));
    });

    it("answers everything that needs no cell, each between busy and idle of its own", async () => {
      const cell = bench.transport.receive("execute_request", { code: "long" });
      for (const channel of ["shell", "control"] as const) {
        for (const name of [
          ...["kernel_info", "is_complete", "complete", "inspect", "history", "connect", "usage"],
          ...["comm_info", "interrupt", "create_subshell", "list_subshell", "delete_subshell", "debug"],
        ]) {
          const request = bench.transport.receive(`${name}_request`, {}, { channel });
          await bench.transport.idle(request);
          assert.deepEqual(bench.transport.trace(request), [
            "iopub status busy",
            `${channel} ${name}_reply`,
            "iopub status idle",
          ]);
        }
      }
      assert.equal(bench.transport.reply(cell), undefined);
      end();
      await bench.transport.idle(cell);
    });

    it("says that it is still busy after it answered something else", async () => {
      const states = (): unknown[] =>
        bench.transport.sent
          .filter(({ header }) => header.msg_type === "status")
          .map((sent) => sent.content.execution_state);
      const cell = bench.transport.receive("execute_request", { code: "long" });
      await bench.transport.ask("kernel_info_request");
      assert.equal(states().at(-1), "busy");
      assert.deepEqual(bench.transport.trace(cell), ["iopub status busy", "iopub execute_input"]);
      end();
      await bench.transport.idle(cell);
      assert.equal(states().at(-1), "idle");
    });
  });
});
