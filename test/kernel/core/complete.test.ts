import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

import { freshBench } from "./support.ts";

describe("completion and inspection", () => {
  const bench = freshBench();

  it("counts in code points outside and in UTF-16 units inside", async () => {
    const { transport, interpreter } = bench;
    const match = { text: "length", type: "property", signature: "number" };
    interpreter.completion = { start: 3, end: 5, matches: [match] };
    const reply = await transport.ask("complete_request", { code: "😀.le;", cursor_pos: 4 });
    assert.deepEqual(interpreter.asked, [["😀.le;", 5]]);
    assert.deepEqual(reply, {
      status: "ok",
      matches: ["length"],
      cursor_start: 2,
      cursor_end: 4,
      metadata: { _jupyter_types_experimental: [{ start: 2, end: 4, ...match }] },
    });
  });

  it("completes at the end when it is not told where", async () => {
    const { transport } = bench;
    const reply = await transport.ask("complete_request", { code: "😀a" });
    assert.deepEqual(reply, {
      status: "ok",
      matches: [],
      cursor_start: 2,
      cursor_end: 2,
      metadata: { _jupyter_types_experimental: [] },
    });
  });

  it("lets a short cell that was sent before end first", async () => {
    const { transport, interpreter } = bench;
    const order: string[] = [];
    interpreter.programs.short = async () => {
      await delay(5);
      order.push("cell");
      return undefined;
    };
    interpreter.complete = (_code, offset) => {
      order.push("completion");
      return Promise.resolve({ start: offset, end: offset, matches: [] });
    };
    transport.receive("execute_request", { code: "short" });
    await transport.ask("complete_request", { code: "" });
    assert.deepEqual(order, ["cell", "completion"]);
  });

  it("does not wait for the end of a long cell", async () => {
    const { transport, interpreter } = bench;
    let end = (): void => undefined;
    interpreter.programs.long = () => new Promise((resolve) => (end = () => resolve(undefined)));
    const cell = transport.receive("execute_request", { code: "long" });
    assert.equal((await transport.ask("complete_request", { code: "" })).status, "ok");
    assert.equal((await transport.ask("inspect_request", { code: "" })).status, "ok");
    assert.equal(transport.reply(cell), undefined);
    end();
    await transport.idle(cell);
  });

  it("says when nothing is known of a name", async () => {
    const reply = await bench.transport.ask("inspect_request", { code: "😀x", cursor_pos: 1 });
    assert.deepEqual(reply, { status: "ok", found: false, data: {}, metadata: {} });
    assert.deepEqual(bench.interpreter.asked, [["😀x", 2, 0]]);
  });

  it("says what is known, as plain text too, with as much detail as is asked for", async () => {
    const { transport, interpreter } = bench;
    interpreter.inspection = { data: { "text/markdown": "**x**" }, metadata: { a: 1 } };
    const reply = await transport.ask("inspect_request", { code: "x", cursor_pos: 1, detail_level: 1 });
    assert.deepEqual(reply, {
      status: "ok",
      found: true,
      data: { "text/plain": "**x**", "text/markdown": "**x**" },
      metadata: { a: 1 },
    });
    interpreter.inspection = { data: { "text/plain": "x", "text/markdown": "**x**" }, metadata: {} };
    const plain = await transport.ask("inspect_request", { code: "x", detail_level: 7 });
    assert.deepEqual((plain.data as Record<string, string>)["text/plain"], "x");
    assert.deepEqual(interpreter.asked, [
      ["x", 1, 1],
      ["x", 1, 0],
    ]);
  });
});
