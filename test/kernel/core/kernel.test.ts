import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";

import { freshBench } from "./support.ts";

describe("Kernel", () => {
  const bench = freshBench();

  it("says once that it is starting, with no parent", () => {
    const [first, ...others] = bench.transport.sent;
    assert.deepEqual(
      [first?.header.msg_type, first?.content, first?.parentHeader],
      ["status", { execution_state: "starting" }, {}],
    );
    assert.equal(others.length, 0);
  });

  it("sends replies to who asked, and output under one topic; each with an own id and the kernel's session", async () => {
    const request = bench.transport.receive("kernel_info_request");
    await turn();
    const messages = bench.transport.of(request);
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

  it("logs a message that it does not know and lives on", async () => {
    for (const type of ["frobnicate_request", "__proto__", "constructor", "input_reply"]) {
      const unknown = bench.transport.receive(type);
      await bench.transport.idle(unknown);
      assert.deepEqual(bench.transport.trace(unknown), ["iopub status busy", "iopub status idle"]);
      assert.match(bench.log.pop()!, new RegExp(type));
    }
    assert.equal((await bench.transport.ask("kernel_info_request")).status, "ok");
  });

  it("goes on when a message cannot be sent", async () => {
    const send = bench.transport.send.bind(bench.transport);
    bench.transport.send = (channel, message) => {
      if (message.header.msg_type === "execute_reply") throw new Error("no route");
      send(channel, message);
    };
    await bench.transport.ask("execute_request", { code: "" });
    assert.match(bench.log.join(), /execute_reply is not sent: Error: no route/);
    assert.equal((await bench.transport.ask("kernel_info_request")).status, "ok");
  });

  it("runs nothing that comes on stdin", async () => {
    const request = bench.transport.receive("execute_request", { code: "x" }, { channel: "stdin" });
    await bench.transport.idle(request);
    assert.deepEqual(bench.interpreter.executed, []);
  });

  it("answers with an error when an interpreter cannot answer", async () => {
    bench.interpreter.isComplete = () => Promise.reject(new TypeError("no"));
    const reply = await bench.transport.ask("is_complete_request", { code: "a" });
    assert.deepEqual([reply.status, reply.ename, reply.evalue], ["error", "TypeError", "no"]);
    assert.match(bench.log[0]!, /is_complete_request failed: TypeError: no/);
  });
});
