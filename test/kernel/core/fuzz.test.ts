import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";

import fc from "fast-check";

import { handlers } from "../../../src/kernel/core/handlers.ts";
import type { Channel, JsonObject } from "../../../src/kernel/core/transport.ts";
import { assertAllValid, failed, startBench } from "./support.ts";

/** Names of fields that handlers read, so that random contents hit them. */
const fields = [
  ...["code", "silent", "store_history", "user_expressions", "allow_stdin", "stop_on_error", "cursor_pos"],
  ...["detail_level", "comm_id", "target_name", "data", "hist_access_type", "session", "start", "stop", "n"],
  ...["pattern", "unique", "output", "raw", "restart", "subshell_id", "value", "seq", "command", "__proto__"],
];

/** Values that mean something to some handler. */
const telling = [
  "range",
  "tail",
  "search",
  "a",
  "bad",
  "ask",
  "comm",
  "*[",
  "\ud83d",
  -1,
  0,
  1,
  1e300,
  true,
  false,
  null,
];

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...telling) },
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom("a", "toString", "__proto__"), fc.jsonValue()),
);
const content: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 8 })
  .map((entries) => Object.fromEntries(entries));
const type = fc.oneof(
  // A shutdown is meant to end it.
  fc.constantFrom(...[...handlers.keys()].filter((name) => name !== "shutdown_request"), "input_reply"),
  fc.constantFrom("execute_request", "comm_open", "comm_msg", "comm_close"),
  fc.string(),
  fc.constantFrom("__proto__", "constructor", "toString", "status"),
);
const message = fc.record({
  type,
  content,
  channel: fc.constantFrom<Channel>("shell", "control", "stdin"),
  subshell: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, value),
  parentHeader: fc.oneof(fc.constant({}), content),
  metadata: content,
  turns: fc.nat(2),
});

describe("a kernel that is sent anything in any order", () => {
  it("lives on, sends only what is valid, and counts only cells", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 25 }), async (messages) => {
        const bench = startBench();
        const { transport, interpreter, kernel } = bench;
        interpreter.programs.bad = () => failed;
        interpreter.programs.ask = (origin) => {
          kernel.input(origin, "?").catch(() => undefined);
          return undefined;
        };
        interpreter.programs.comm = (origin) => {
          kernel.comm(origin, { type: "comm_open", id: "a", target: "t", data: {} });
          throw new Error("broken");
        };
        for (const { type, content, channel, subshell, parentHeader, metadata, turns } of messages) {
          const header = subshell === undefined ? {} : { subshell_id: subshell as string };
          transport.receive(type, content, { channel, header, parentHeader, metadata });
          for (let n = 0; n < turns; n++) await turn();
        }
        // Behind everything that may still wait in its lane.
        const last = await transport.ask("execute_request", { code: "", silent: true, stop_on_error: false });
        await turn();
        assert.ok(last.status === "ok" || last.status === "aborted");
        for (const channel of ["shell", "control"] as const)
          assert.equal((await transport.ask("kernel_info_request", {}, { channel })).status, "ok");
        const counted = interpreter.executed.filter(({ count }) => count !== undefined);
        assert.equal(kernel.executionCount, counted.length);
        assertAllValid(bench);
      }),
      { numRuns: 300 },
    );
  });
});
