import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";

import type { Message } from "../../../src/kernel/core/transport.ts";
import { freshBench, result, type Sent } from "./support.ts";

describe("stdin", () => {
  const bench = freshBench();
  beforeEach(() => {
    bench.interpreter.programs.ask = async (origin) => result(await bench.kernel.input(origin, "name? "));
    bench.interpreter.programs.secret = async (origin) =>
      result(await bench.kernel.input(origin, "key: ", { password: true }));
  });

  const run = (code: string, identity = "client"): Message =>
    bench.transport.receive("execute_request", { code, allow_stdin: true }, { identity });

  const questions = (): Sent[] =>
    bench.transport.sent.filter(({ header }) => header.msg_type === "input_request");

  function answer(value: unknown, parentHeader = {}, identity = "client"): void {
    bench.transport.receive("input_reply", { value }, { channel: "stdin", parentHeader, identity });
  }

  function textOf(request: Message): unknown {
    return (bench.transport.of(request, "execute_result")[0]?.content.data as Record<string, unknown>)[
      "text/plain"
    ];
  }

  it("asks the front end that sent the cell, and takes its answer", async () => {
    const cell = run("ask", "this one");
    await turn();
    const question = questions()[0]!;
    assert.deepEqual([question.channel, question.content], ["stdin", { prompt: "name? ", password: false }]);
    assert.deepEqual(question.identities.map(String), [String(Buffer.from("this one"))]);
    assert.deepEqual(question.parentHeader, cell.header);
    answer("Eve", question.header, "another one");
    answer("Ada", question.header, "this one");
    await bench.transport.idle(cell);
    assert.equal(textOf(cell), "Ada");
  });

  it("takes an answer that does not say to what", async () => {
    const cell = run("ask");
    await turn();
    answer("Ada");
    await bench.transport.idle(cell);
    assert.equal(textOf(cell), "Ada");
  });

  it("says when a password is asked for", async () => {
    const cell = run("secret");
    await turn();
    assert.deepEqual(questions()[0]?.content, { prompt: "key: ", password: true });
    answer("x");
    await bench.transport.idle(cell);
  });

  it("sends what was printed before it asks", async () => {
    bench.interpreter.programs.print = async (origin) => {
      bench.kernel.stream(origin, "stdout", "hello");
      return result(await bench.kernel.input(origin, ""));
    };
    const cell = run("print");
    await turn();
    answer("");
    await bench.transport.idle(cell);
    const trace = bench.transport.trace(cell);
    assert.ok(trace.indexOf("iopub stream") < trace.indexOf("stdin input_request"));
  });

  it("refuses where the front end takes no questions, and says what to do", async () => {
    const reply = await bench.transport.ask("execute_request", { code: "ask" });
    assert.deepEqual([reply.status, reply.ename], ["error", "StdinNotImplementedError"]);
    assert.match(String(reply.evalue), /JupyterLab/);
    assert.deepEqual(questions(), []);
  });

  it("drops answers to nothing, and to an older question", async () => {
    answer("to nothing");
    const first = run("ask");
    await turn();
    const [old] = questions();
    answer("one", old!.header);
    await bench.transport.idle(first);
    const second = run("ask");
    await turn();
    answer("stale", old!.header);
    await turn();
    assert.equal(bench.transport.reply(second), undefined);
    answer("two", questions()[1]!.header);
    await bench.transport.idle(second);
    assert.equal(textOf(second), "two");
  });

  it("asks several questions one after the other", async () => {
    bench.interpreter.programs.both = async (origin) => {
      const [a, b] = await Promise.all([bench.kernel.input(origin, "a"), bench.kernel.input(origin, "b")]);
      return result(a + b);
    };
    const cell = run("both");
    await turn();
    assert.equal(questions().length, 1);
    answer("1");
    await turn();
    assert.equal(questions().length, 2);
    answer("2");
    await bench.transport.idle(cell);
    assert.equal(textOf(cell), "12");
  });

  it("gives up every question when the user presses stop", async () => {
    let second: unknown;
    bench.interpreter.programs.both = async (origin) => {
      bench.kernel.input(origin, "b").catch((error: unknown) => (second = error));
      return result(await bench.kernel.input(origin, "a"));
    };
    const cell = run("both");
    await turn();
    await bench.transport.ask("interrupt_request", {}, { channel: "control" });
    await bench.transport.idle(cell);
    assert.equal(bench.transport.reply(cell)?.ename, "KernelInterrupt");
    assert.equal((second as Error).name, "KernelInterrupt");
    assert.equal(questions().length, 1);
  });

  it("gives up a question that the cell did not wait for, so that later ones are asked", async () => {
    let error: unknown;
    bench.interpreter.programs.forget = (origin) => {
      bench.kernel.input(origin, "lost").catch((reason: unknown) => (error = reason));
      return undefined;
    };
    await bench.transport.ask("execute_request", { code: "forget", allow_stdin: true });
    await turn();
    assert.equal((error as Error).name, "StdinNotImplementedError");
    const cell = run("ask");
    await turn();
    answer("Ada", questions()[1]!.header);
    await bench.transport.idle(cell);
    assert.equal(textOf(cell), "Ada");
  });

  it("refuses a question that comes after the end of its cell", async () => {
    let origin = 0;
    bench.interpreter.programs.note = (number) => {
      origin = number;
      return undefined;
    };
    await bench.transport.ask("execute_request", { code: "note", allow_stdin: true });
    await assert.rejects(bench.kernel.input(origin, "late"), { name: "StdinNotImplementedError" });
  });

  it("fails with EOFError when the user ends the input", async () => {
    const cell = run("ask");
    await turn();
    answer("\x04");
    await bench.transport.idle(cell);
    assert.equal(bench.transport.reply(cell)?.ename, "EOFError");
  });

  it("takes what is no text for an empty line", async () => {
    const cell = run("ask");
    await turn();
    answer({ no: "text" });
    await bench.transport.idle(cell);
    assert.equal(textOf(cell), "");
  });
});
