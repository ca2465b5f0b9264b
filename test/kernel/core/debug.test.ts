import assert from "node:assert/strict";

import type { JsonObject } from "../../../src/kernel/core/transport.ts";
import { freshBench, result } from "./support.ts";

describe("debug_request", () => {
  const bench = freshBench();

  const ask = (command: string, asked: JsonObject = {}): Promise<JsonObject> => {
    const content = { type: "request", seq: 7, command, arguments: asked };
    return bench.transport.ask("debug_request", content, { channel: "control" });
  };

  it("is answered in the words of the Debug Adapter Protocol", async () => {
    const { type, request_seq, command, success, body } = await ask("debugInfo");
    assert.deepEqual([type, request_seq, command, success], ["response", 7, "debugInfo", true]);
    const { isStarted, breakpoints, richRendering } = body as JsonObject;
    assert.deepEqual([isStarted, breakpoints, richRendering], [false, [], true]);
  });

  it("lists the variables", async () => {
    bench.interpreter.held = [
      { name: "a", type: "number", text: "1" },
      { name: "f", type: "function f(x)", text: "" },
    ];
    const { body } = await ask("inspectVariables");
    assert.deepEqual(body, {
      variables: [
        { name: "a", evaluateName: "a", type: "number", value: "1", variablesReference: 0 },
        {
          name: "f",
          evaluateName: "f",
          type: "function f(x)",
          value: "function f(x)",
          variablesReference: 0,
        },
      ],
    });
  });

  it("shows a variable as a cell would", async () => {
    bench.interpreter.held = ["a", "b"].map((name) => ({ name, type: "number", text: "1" }));
    bench.interpreter.programs.a = () => result("1");
    const { success, body } = await ask("richInspectVariables", { variableName: "a" });
    assert.deepEqual([success, body], [true, { data: { "text/plain": "1" }, metadata: {} }]);
    // Not of all that the session holds, each of which may be large.
    assert.deepEqual(bench.interpreter.described, ["a"]);
  });

  it("evaluates nothing that is not a variable", async () => {
    bench.interpreter.programs["process.exit()"] = () => assert.fail("it was run");
    const { success, message, body } = await ask("richInspectVariables", { variableName: "process.exit()" });
    assert.deepEqual([success, message, body], [false, 'no variable "process.exit()"; there are: none', {}]);
  });

  it("says that there are no breakpoints", async () => {
    const { success, message } = await ask("setBreakpoints", { breakpoints: [{ line: 1 }] });
    assert.equal(success, false);
    assert.match(String(message), /no debugger.*debugInfo, inspectVariables, richInspectVariables/);
  });
});
