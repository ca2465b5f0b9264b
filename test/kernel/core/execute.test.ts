import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";

import type { Payload } from "../../../src/kernel/core/interpreter.ts";
import type { Message } from "../../../src/kernel/core/transport.ts";
import { failed, freshBench, result } from "./support.ts";

describe("execute_request", () => {
  const bench = freshBench();
  beforeEach(() => {
    bench.interpreter.programs.bad = () => failed;
  });

  it("executes in the order of the protocol: busy, input, result, reply, idle", async () => {
    bench.interpreter.programs["1+1"] = () => result("2");
    const request = bench.transport.receive("execute_request", { code: "1+1" });
    await turn();
    assert.deepEqual(bench.transport.trace(request), [
      "iopub status busy",
      "iopub execute_input",
      "iopub execute_result",
      "shell execute_reply",
      "iopub status idle",
    ]);
    const [, , shown] = bench.transport.of(request);
    assert.deepEqual(shown?.content, { data: { "text/plain": "2" }, metadata: {}, execution_count: 1 });
    const expected = { status: "ok", execution_count: 1, user_expressions: {}, payload: [] };
    assert.deepEqual(bench.transport.reply(request), expected);
  });

  it("keeps a silent request quiet and does not count it", async () => {
    bench.interpreter.programs.quiet = (origin) => {
      bench.kernel.stream(origin, "stdout", "unheard");
      bench.kernel.clearOutput(origin);
      return result("unseen");
    };
    const silent = bench.transport.receive("execute_request", { code: "quiet", silent: true });
    const loud = bench.transport.receive("execute_request", { code: "quiet" });
    await turn();
    assert.deepEqual(bench.transport.trace(silent), [
      "iopub status busy",
      "shell execute_reply",
      "iopub status idle",
    ]);
    assert.equal(bench.transport.reply(silent)?.execution_count, 0);
    assert.equal(bench.transport.reply(loud)?.execution_count, 1);
  });

  it("reports an error on IOPub and in the reply, with the same number", async () => {
    const request = bench.transport.receive("execute_request", { code: "bad" });
    await turn();
    await turn();
    const error = bench.transport.of(request).find(({ header }) => header.msg_type === "error")!;
    assert.deepEqual(error.content, { ename: "Oops", evalue: "bad", traceback: ["Oops: bad"] });
    const reply = bench.transport.reply(request)!;
    assert.deepEqual([reply.status, reply.ename, reply.execution_count], ["error", "Oops", 1]);
  });

  it("drops the cells queued behind a failed one, answers other requests, and then goes on", async () => {
    const bad = bench.transport.receive("execute_request", { code: "bad" });
    const dropped = bench.transport.receive("execute_request", { code: "dropped" });
    const info = bench.transport.receive("kernel_info_request");
    bench.transport.onReply(bad, () =>
      bench.transport.receive("execute_request", { code: "after the reply" }),
    );
    await turn();
    await turn();
    assert.equal(bench.transport.reply(bad)?.status, "error");
    assert.deepEqual(bench.transport.trace(dropped), [
      "iopub status busy",
      "shell execute_reply",
      "iopub status idle",
    ]);
    assert.equal(bench.transport.reply(dropped)?.status, "aborted");
    assert.equal(bench.transport.reply(info)?.status, "ok");
    assert.deepEqual(
      bench.interpreter.executed.map(({ code }) => code),
      ["bad", "after the reply"],
    );
  });

  it("goes on after an error when stop_on_error is false, unless the user interrupted", async () => {
    bench.interpreter.programs.stopped = () => ({ ...failed, interrupted: true });
    bench.transport.receive("execute_request", { code: "bad", stop_on_error: false });
    const next = bench.transport.receive("execute_request", { code: "stopped", stop_on_error: false });
    const dropped = bench.transport.receive("execute_request", { code: "dropped" });
    await turn();
    await turn();
    assert.equal(bench.transport.reply(next)?.status, "error");
    assert.equal(bench.transport.reply(dropped)?.status, "aborted");
  });

  it("evaluates user expressions after a success, each with its own outcome", async () => {
    bench.interpreter.programs.a = () => result("1");
    bench.interpreter.programs.b = () => failed;
    const request = bench.transport.receive("execute_request", {
      code: "ok",
      user_expressions: { x: "a", y: "b" },
    });
    await turn();
    assert.deepEqual(bench.transport.reply(request)?.user_expressions, {
      x: { status: "ok", data: { "text/plain": "1" }, metadata: {} },
      y: failed,
    });
  });

  it("shows it under the cell when an interpreter breaks, and lives on", async () => {
    bench.interpreter.programs.broken = () => {
      throw new RangeError("broken");
    };
    const request = bench.transport.receive("execute_request", { code: "broken" });
    await bench.transport.idle(request);
    const reply = bench.transport.reply(request)!;
    assert.deepEqual([reply.status, reply.ename, reply.evalue], ["error", "RangeError", "broken"]);
    assert.equal(reply.execution_count, 1);
    assert.ok(bench.transport.trace(request).includes("iopub error"));
    assert.match(bench.log[0]!, /RangeError: broken/);
  });

  it("counts what is stored in the history, and nothing else", async () => {
    const counts = [];
    for (const flags of [
      {},
      { store_history: false },
      { silent: true },
      { silent: true, store_history: true },
      {},
    ])
      counts.push((await bench.transport.ask("execute_request", { code: "", ...flags })).execution_count);
    assert.deepEqual(counts, [1, 1, 1, 1, 2]);
  });

  it("shows a cell that is not stored, with the number of the latest one; errors do not name it by that", async () => {
    bench.interpreter.programs.x = () => result("42");
    const request = bench.transport.receive("execute_request", { code: "x", store_history: false });
    await bench.transport.idle(request);
    assert.deepEqual(bench.transport.of(request, "execute_input")[0]?.content, {
      code: "x",
      execution_count: 0,
    });
    assert.equal(bench.transport.of(request, "execute_result")[0]?.content.execution_count, 0);
    assert.deepEqual(bench.interpreter.executed, [{ code: "x" }]);
  });

  it("says in the reply when it began and how it ended, which JupyterLab shows as the time it took", async () => {
    for (const [code, status] of [
      ["", "ok"],
      ["bad", "error"],
    ]) {
      const request = bench.transport.receive("execute_request", { code });
      await bench.transport.idle(request);
      const { metadata, header } = bench.transport.of(request, "execute_reply")[0]!;
      assert.equal(metadata.status, status);
      assert.ok(Date.parse(String(metadata.started)) <= Date.parse(header.date));
    }
  });

  it("hands on what the front end is asked to do", async () => {
    const payload: Payload[] = [
      { source: "page", data: { "text/plain": "help" }, start: 0 },
      { source: "set_next_input", text: "next", replace: false },
    ];
    bench.interpreter.programs["x?"] = () => ({ status: "ok", payload });
    assert.deepEqual((await bench.transport.ask("execute_request", { code: "x?" })).payload, payload);
  });

  it("drops nothing behind a silent request that failed", async () => {
    bench.transport.receive("execute_request", { code: "bad", silent: true });
    assert.equal((await bench.transport.ask("execute_request", { code: "" })).status, "ok");
  });

  it("drops what had reached the sockets when the cell failed, too", async () => {
    let dropped: Message | undefined;
    bench.transport.sync = () => {
      dropped = bench.transport.receive("execute_request", { code: "" });
      return Promise.resolve();
    };
    await bench.transport.ask("execute_request", { code: "bad" });
    await bench.transport.idle(dropped!);
    assert.equal(bench.transport.reply(dropped!)?.status, "aborted");
  });

  it("says of a dropped cell that it was, and gives it no number", async () => {
    bench.transport.receive("execute_request", { code: "bad" });
    const dropped = bench.transport.receive("execute_request", { code: "" });
    await bench.transport.idle(dropped);
    const [reply] = bench.transport.of(dropped, "execute_reply");
    assert.deepEqual(reply?.content, { status: "aborted" });
    assert.equal(reply.metadata.status, "aborted");
  });

  it("fails a request without code, and does not count it", async () => {
    for (const code of [undefined, null, 5, ["x"]]) {
      const reply = await bench.transport.ask("execute_request", { code });
      assert.deepEqual([reply.status, reply.execution_count], ["error", 0]);
      assert.match(String(reply.evalue), /expected code, a string/);
    }
    assert.deepEqual(bench.interpreter.executed, []);
  });

  it("evaluates no expressions after an error", async () => {
    const reply = await bench.transport.ask("execute_request", { code: "bad", user_expressions: { x: "1" } });
    assert.deepEqual(reply.user_expressions, {});
  });

  it("gives an expression that breaks the interpreter an error of its own", async () => {
    bench.interpreter.programs.broken = () => {
      throw new RangeError("broken");
    };
    const user_expressions = { a: "broken", b: "1", ["__proto__"]: "1" };
    const reply = await bench.transport.ask("execute_request", { code: "", user_expressions });
    const values = reply.user_expressions as Record<string, { status: string }>;
    assert.deepEqual(
      Object.entries(values).map(([name, { status }]) => `${name} ${status}`),
      ["a error", "b ok", "__proto__ ok"],
    );
  });

  describe("with values that JSON says in another way", () => {
    const cases: [what: string, value: unknown, arrived: unknown][] = [
      ["NaN and infinity as null", { a: NaN, b: [Infinity] }, { a: null, b: [null] }],
      ["nothing for undefined", { a: undefined }, {}],
      ["half of a surrogate pair as the replacement character", "\ud83d", "\ufffd"],
    ];
    for (const [what, value, arrived] of cases) {
      it(`shows ${what}`, async () => {
        const bundle = { data: { "application/json": value }, metadata: {} };
        bench.interpreter.programs.value = (origin) => {
          bench.kernel.display(origin, bundle);
          return { status: "ok", result: bundle };
        };
        const request = bench.transport.receive("execute_request", { code: "value" });
        await bench.transport.idle(request);
        for (const type of ["display_data", "execute_result"])
          assert.deepEqual(bench.transport.of(request, type)[0]?.content.data, {
            "application/json": arrived,
          });
        assert.equal(bench.transport.reply(request)?.status, "ok");
      });
    }
  });
});
