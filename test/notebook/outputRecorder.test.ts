import assert from "node:assert/strict";
import type { CodeCell } from "../../src/notebook/nbformat.ts";
import { OutputRecorder } from "../../src/notebook/outputRecorder.ts";
import { code } from "./support/notebooks.ts";

type Message = [type: string, content: Record<string, unknown>, cell?: CodeCell];

const stream = (text: string, name = "stdout"): Message => ["stream", { name, text }];
const display = (text: string, id?: string): Message => [
  "display_data",
  { data: { "text/plain": text }, metadata: {}, transient: id === undefined ? {} : { display_id: id } },
];
const update = (text: string, id: string): Message => [
  "update_" + display(text, id)[0],
  display(text, id)[1],
];

/** What the outputs say, in one line each. */
function said({ outputs }: CodeCell): string[] {
  return outputs.map((output) => {
    if (output.output_type === "stream") return `${output.name}: ${output.text}`;
    return output.output_type === "error" ? `error: ${output.evalue}` : String(output.data["text/plain"]);
  });
}

function record(...messages: Message[]): string[] {
  const cell = code("");
  const recorder = new OutputRecorder();
  for (const [type, content, where = cell] of messages) recorder.record(where, type, content);
  return said(cell);
}

describe("OutputRecorder", () => {
  it("lets pieces of a stream grow together, until something else comes between", () => {
    assert.deepEqual(record(stream("a"), stream("b\n"), stream("c", "stderr"), stream("d")), [
      "stdout: ab\n",
      "stderr: c",
      "stdout: d",
    ]);
    assert.deepEqual(record(stream("a"), display("x"), stream("b")), ["stdout: a", "x", "stdout: b"]);
  });

  it("shows a progress line as it stands in the end", () => {
    assert.deepEqual(record(stream("1/2\r"), stream("2/2\n")), ["stdout: 2/2\n"]);
  });

  it("clears at once, or with the next output", () => {
    assert.deepEqual(record(stream("a"), ["clear_output", { wait: false }]), []);
    assert.deepEqual(record(stream("a"), ["clear_output", { wait: true }]), ["stdout: a"]);
    assert.deepEqual(record(stream("a"), ["clear_output", { wait: true }], display("x"), display("y")), [
      "x",
      "y",
    ]);
    assert.deepEqual(record(stream("a"), ["clear_output", { wait: true }], stream("b")), ["stdout: b"]);
  });

  it("replaces a display with an id wherever it stands, in earlier cells too", () => {
    const [first, second] = [code("a"), code("b")];
    const recorder = new OutputRecorder();
    recorder.record(
      first,
      ...(display("old", "id").slice(0, 2) as [string, object & Record<string, unknown>]),
    );
    recorder.record(second, "display_data", {
      data: { "text/plain": "newer" },
      metadata: {},
      transient: { display_id: "id" },
    });
    assert.deepEqual([said(first), said(second)], [["newer"], ["newer"]]);
    const [type, content] = update("newest", "id");
    recorder.record(second, type, content);
    assert.deepEqual([said(first), said(second)], [["newest"], ["newest"]]);
  });

  it("does not show an update of a display that was never shown", () => {
    assert.deepEqual(record(update("x", "nowhere")), []);
  });

  it("records results with their number, and errors", () => {
    const cell = code("");
    const recorder = new OutputRecorder();
    recorder.record(cell, "execute_result", {
      execution_count: 4,
      data: { "text/plain": "2" },
      metadata: {},
    });
    recorder.record(cell, "error", { ename: "E", evalue: "v", traceback: ["t"] });
    assert.deepEqual(cell.outputs, [
      { output_type: "execute_result", execution_count: 4, data: { "text/plain": "2" }, metadata: {} },
      { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
    ]);
  });

  it("keeps nothing of `transient`, which is no part of a notebook, even where it is null", () => {
    const cell = code("");
    new OutputRecorder().record(cell, "display_data", { data: {}, metadata: {}, transient: null });
    assert.deepEqual(cell.outputs, [{ output_type: "display_data", data: {}, metadata: {} }]);
  });
});
