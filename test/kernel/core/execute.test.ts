import assert from "node:assert/strict";

import type { Payload } from "../../../src/kernel/core/interpreter.ts";
import type { Message } from "../../../src/kernel/core/transport.ts";
import {
  assertAllValid,
  failed,
  result,
  startBench,
  type Bench,
  type MockInterpreter,
  type MockTransport,
} from "./support.ts";

describe("execute_request", () => {
  let bench: Bench;
  let transport: MockTransport;
  let interpreter: MockInterpreter;
  beforeEach(() => {
    bench = startBench();
    ({ transport, interpreter } = bench);
    interpreter.programs.bad = () => failed;
  });
  afterEach(() => assertAllValid(bench));

  it("counts what is stored in the history, and nothing else", async () => {
    const counts = [];
    for (const flags of [
      {},
      { store_history: false },
      { silent: true },
      { silent: true, store_history: true },
      {},
    ])
      counts.push((await transport.ask("execute_request", { code: "", ...flags })).execution_count);
    assert.deepEqual(counts, [1, 1, 1, 1, 2]);
  });

  it("shows a cell that is not stored, with the number of the latest one; errors do not name it by that", async () => {
    interpreter.programs.x = () => result("42");
    const request = transport.receive("execute_request", { code: "x", store_history: false });
    await transport.idle(request);
    assert.deepEqual(transport.of(request, "execute_input")[0]?.content, { code: "x", execution_count: 0 });
    assert.equal(transport.of(request, "execute_result")[0]?.content.execution_count, 0);
    assert.deepEqual(interpreter.executed, [{ code: "x" }]);
  });

  it("says in the reply when it began and how it ended, which JupyterLab shows as the time it took", async () => {
    for (const [code, status] of [
      ["", "ok"],
      ["bad", "error"],
    ]) {
      const request = transport.receive("execute_request", { code });
      await transport.idle(request);
      const { metadata, header } = transport.of(request, "execute_reply")[0]!;
      assert.equal(metadata.status, status);
      assert.ok(Date.parse(String(metadata.started)) <= Date.parse(header.date));
    }
  });

  it("hands on what the front end is asked to do", async () => {
    const payload: Payload[] = [
      { source: "page", data: { "text/plain": "help" }, start: 0 },
      { source: "set_next_input", text: "next", replace: false },
    ];
    interpreter.programs["x?"] = () => ({ status: "ok", payload });
    assert.deepEqual((await transport.ask("execute_request", { code: "x?" })).payload, payload);
  });

  it("drops nothing behind a silent request that failed", async () => {
    transport.receive("execute_request", { code: "bad", silent: true });
    assert.equal((await transport.ask("execute_request", { code: "" })).status, "ok");
  });

  it("drops what had reached the sockets when the cell failed, too", async () => {
    let dropped: Message | undefined;
    transport.sync = () => {
      dropped = transport.receive("execute_request", { code: "" });
      return Promise.resolve();
    };
    await transport.ask("execute_request", { code: "bad" });
    await transport.idle(dropped!);
    assert.equal(transport.reply(dropped!)?.status, "aborted");
  });

  it("says of a dropped cell that it was, and gives it no number", async () => {
    transport.receive("execute_request", { code: "bad" });
    const dropped = transport.receive("execute_request", { code: "" });
    await transport.idle(dropped);
    const [reply] = transport.of(dropped, "execute_reply");
    assert.deepEqual(reply?.content, { status: "aborted" });
    assert.equal(reply.metadata.status, "aborted");
  });

  it("fails a request without code, and does not count it", async () => {
    for (const code of [undefined, null, 5, ["x"]]) {
      const reply = await transport.ask("execute_request", { code });
      assert.deepEqual([reply.status, reply.execution_count], ["error", 0]);
      assert.match(String(reply.evalue), /expected code, a string/);
    }
    assert.deepEqual(interpreter.executed, []);
  });

  it("evaluates no expressions after an error", async () => {
    const reply = await transport.ask("execute_request", { code: "bad", user_expressions: { x: "1" } });
    assert.deepEqual(reply.user_expressions, {});
  });

  it("gives an expression that breaks the interpreter an error of its own", async () => {
    interpreter.programs.broken = () => {
      throw new RangeError("broken");
    };
    const user_expressions = { a: "broken", b: "1", ["__proto__"]: "1" };
    const reply = await transport.ask("execute_request", { code: "", user_expressions });
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
        interpreter.programs.value = (origin) => {
          bench.kernel.display(origin, bundle);
          return { status: "ok", result: bundle };
        };
        const request = transport.receive("execute_request", { code: "value" });
        await transport.idle(request);
        for (const type of ["display_data", "execute_result"])
          assert.deepEqual(transport.of(request, type)[0]?.content.data, { "application/json": arrived });
        assert.equal(transport.reply(request)?.status, "ok");
      });
    }
  });
});

describe("output", () => {
  it("keeps 20,000 lines whole, in order, in few messages, before idle", async () => {
    const bench = startBench();
    const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`);
    bench.interpreter.programs.print = (origin) => {
      for (const line of lines) bench.kernel.stream(origin, "stdout", line);
      return undefined;
    };
    const request = bench.transport.receive("execute_request", { code: "print" });
    await bench.transport.idle(request);
    const streams = bench.transport.of(request, "stream");
    assert.equal(streams.map(({ content }) => content.text).join(""), lines.join(""));
    assert.ok(streams.length < 1000, `${streams.length} messages`);
    assert.equal(bench.transport.trace(request).at(-1), "iopub status idle");
    assertAllValid(bench);
  });
});
