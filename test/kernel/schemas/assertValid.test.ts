import assert from "node:assert/strict";

import { makeHeader } from "../../../src/kernel/transport/message.ts";
import { assertValid, type WireMessage } from "./assertValid.ts";

function message(type: string, content: object, rest: Partial<WireMessage> = {}): WireMessage {
  const header = makeHeader(type, "kernel");
  return { header, parentHeader: {}, metadata: {}, content, buffers: [], ...rest };
}

describe("assertValid", () => {
  it("takes a message that is as the protocol says", () => {
    assertValid(message("status", { execution_state: "idle" }));
    assertValid(message("display_data", { data: { "text/plain": "1" }, metadata: {}, transient: {} }));
    const metadata = { started: new Date().toISOString(), status: "aborted" };
    assertValid(message("execute_reply", { status: "aborted" }, { metadata }));
  });

  const wrong: [string, WireMessage][] = [
    ["a type that no kernel sends", message("execute_request", {})],
    ["a state that does not exist", message("status", { execution_state: "tired" })],
    ["a missing field", message("stream", { name: "stdout" })],
    ["an unknown field", message("clear_output", { wait: true, now: true })],
    ["transient: null", message("display_data", { data: {}, metadata: {}, transient: null })],
    ["an update without an id", message("update_display_data", { data: {}, metadata: {}, transient: {} })],
    [
      "text that is none",
      message("display_data", { data: { "text/plain": 1 }, metadata: {}, transient: {} }),
    ],
    [
      "a header without a session",
      message("clear_output", { wait: true }, { header: { msg_type: "clear_output" } }),
    ],
    ["a parent without an id", message("clear_output", { wait: true }, { parentHeader: { date: "now" } })],
    ["a reply that does not say when it began", message("interrupt_reply", { status: "ok" })],
    ["buffers where none belong", message("clear_output", { wait: true }, { buffers: [new Uint8Array(1)] })],
  ];
  for (const [what, bad] of wrong) {
    it(`refuses ${what}`, () => assert.throws(() => assertValid(bad), assert.AssertionError));
  }
});
