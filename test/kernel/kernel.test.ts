import assert from "node:assert/strict";

import { needPython } from "../support/needs.ts";
import { runClient, text, value, type cells, type Data, type Executed, type Results } from "./client.ts";

describe("the kernel, with jupyter_client", function () {
  this.timeout(120_000);
  let results: Results;

  before(async function () {
    const python = needPython.call(this);
    results = await runClient(python);
  });

  const executed = (name: keyof typeof cells): Executed[] => results.cells[name]!;
  const last = (name: keyof typeof cells): Executed => executed(name).at(-1)!;

  it("introduces itself on shell and on control", () => {
    const { protocol_version, implementation, language_info } = results.kernel_info;
    assert.deepEqual([protocol_version, implementation], ["5.5", "convoscope"]);
    const { name, file_extension } = language_info as Data;
    assert.deepEqual([name, file_extension], ["typescript", ".ts"]);
    assert.deepEqual(results.kernel_info_on_control, results.kernel_info);
  });

  it("welcomes subscribers", () => {
    assert.deepEqual(results.welcome, { type: "iopub_welcome", content: { subscription: "" }, topic: "" });
  });

  it("publishes busy, input, result and idle, in this order", () => {
    const { published, reply } = last("result");
    assert.deepEqual(
      published.map(({ type }) => type),
      ["status", "execute_input", "execute_result", "status"],
    );
    assert.deepEqual((published[2]!.content.data as Data)["text/plain"], "2");
    assert.equal(reply.execution_count, published[2]!.content.execution_count);
  });

  it("sends what is printed to its stream, in order", () => {
    assert.equal(text(last("streams"), "stdout"), "out\nno newline😀\n");
    assert.equal(text(last("streams"), "stderr"), "err\n");
    const order = last("streams")
      .published.filter(({ type }) => type === "stream")
      .map(({ content }) => content.name);
    assert.deepEqual(order, ["stdout", "stderr", "stdout"]);
  });

  it("runs TypeScript", () => assert.equal(value(last("types")), "8"));
  it("lets anything be declared again", () => assert.equal(value(last("redeclared")), "'a'"));
  it("awaits at the top level", () => assert.equal(value(last("awaited")), "42"));

  it("names an error's place in the cell's own lines", () => {
    const { reply, published } = last("error in TypeScript's lines");
    const { ename, evalue, traceback } = reply as unknown as {
      ename: string;
      evalue: string;
      traceback: string[];
    };
    const numbers = executed("error in TypeScript's lines").map((each) => each.reply.execution_count);
    assert.deepEqual([ename, evalue], ["RangeError", "no 2"]);
    assert.equal(traceback[1], `    at check (Cell [${String(numbers[0])}]:6:9)`);
    assert.equal(traceback[2], `    at Cell [${String(numbers[1])}]:1:1`);
    assert.ok(traceback.includes("> 6 |   throw new RangeError(`no ${shape.sides}`);"));
    assert.ok(!traceback.some((line) => line.includes("dist/kernel")), traceback.join("\n"));
    const error = published.find(({ type }) => type === "error");
    assert.deepEqual(error?.content, { ename, evalue, traceback });
  });

  it("names a syntax error's place", () => {
    const { reply } = last("syntax error");
    assert.equal(reply.ename, "SyntaxError");
    assert.match((reply.traceback as string[])[1]!, /Cell \[\d+\]:2:8$/);
  });

  it("imports ESM-only packages, CommonJS packages, and its own", () => {
    assert.equal(value(last("ESM-only package")), "'function'");
    assert.equal(value(last("CommonJS package")), "'function'");
    assert.equal(value(last("CommonJS names that Node overlooks")), "[ 1, 2 ]");
    assert.equal(value(last("packages beside the notebook")), "'beside the notebook'");
    assert.equal(value(last("this package")), "'convoscope'");
    assert.equal(text(last("ESM-only package"), "stderr"), "");
  });

  it("imports local TypeScript, anew when a module of it has changed, with errors in its own lines", () => {
    const [first, , second, third] = executed("local modules");
    assert.equal(value(first!), "[ 20, 5 ]");
    assert.equal(value(second!), "200");
    const traceback = third!.reply.traceback as string[];
    assert.match(traceback[1]!, /^ {4}at area \(.*\/shapes\.ts:5:23\)$/);
  });

  it("refuses an import of what a module does not have", () => {
    const { reply } = last("missing export");
    assert.equal(reply.ename, "SyntaxError");
    assert.match(String(reply.evalue), /module "node:path" has no export named "nothing"/);
  });

  it("puts late output under the cell that started it", () => {
    assert.equal(text(last("late output"), "stdout"), "");
    assert.equal(value(last("late output")), "'waited'");
  });

  it("shows errors that nobody caught, and lives on", () => {
    assert.match(
      text(last("late errors"), "stderr"),
      /Error: forgotten[^]*Error: in a timer\n {4}at .*Cell \[\d+\]:1:26/,
    );
    assert.equal(value(last("late errors")), "'alive'");
  });

  it("keeps Node's globals from being declared over", () =>
    assert.equal(value(last("globals unharmed")), "true"));

  it("cleans halves of surrogate pairs", () => {
    assert.equal(text(last("surrogates"), "stdout"), "half \ufffd\n");
    assert.equal(value(last("surrogates")), "'\\ud83d'");
  });

  it("shows pictures, and what shows itself", () => {
    const data = (name: "picture" | "display"): Record<string, unknown> =>
      last(name).published.find(({ type }) => type === "execute_result")!.content.data as Record<
        string,
        unknown
      >;
    assert.equal(data("picture")["image/png"], "iVBORw0KGgo=");
    assert.deepEqual(data("display"), {
      "text/html": "<b>x</b>",
      "application/json": { a: [null] },
      "text/plain": "[Object]",
    });
  });

  it("evaluates user expressions", () => {
    const { good, bad } = results.expressions.reply.user_expressions as Record<
      string,
      Record<string, unknown>
    >;
    assert.deepEqual([good!.status, (good!.data as Data)["text/plain"]], ["ok", "2"]);
    assert.deepEqual([bad!.status, bad!.ename], ["error", "ReferenceError"]);
  });

  it("is quiet when it is asked to", () => {
    assert.deepEqual(
      results.silent.published.map(({ type }) => type),
      ["status", "status"],
    );
  });

  it("says when a line is complete", () => {
    assert.deepEqual(
      Object.values(results.is_complete).map(({ status }) => status),
      ["complete", "incomplete", "invalid"],
    );
  });

  it("completes and explains a global name, and has no comms of widgets yet", () => {
    assert.deepEqual(results.comm_info, { status: "ok", comms: {} });
    const { matches, cursor_start, cursor_end } = results.complete as Record<string, unknown>;
    assert.ok((matches as string[]).includes("process"), String(matches));
    assert.deepEqual([cursor_start, cursor_end], [0, 3]);
    const { found, data } = results.inspect as { found: boolean; data: Data };
    assert.ok(found, "nothing is known of process");
    assert.match(data["text/plain"]!, /NodeJS\.Process/);
  });

  it("drops the cells behind a failed one when all are sent at once", () => {
    const [first, second, third, fourth, after] = results.stop_on_error;
    assert.deepEqual([first, second, third, fourth], ["ok", "error", "aborted", "aborted"]);
    assert.equal(value(after), "1");
  });

  for (const name of ["loop", "swallowing", "regex", "wait", "loop behind a wait", "microtasks", "timer"]) {
    it(`stops: ${name}`, () => {
      const { reply, published, milliseconds } = results.interrupts[name]!;
      assert.deepEqual(
        [reply.status, reply.ename, reply.evalue],
        ["error", "KernelInterrupt", "interrupted"],
      );
      assert.equal(published.filter(({ type }) => type === "error").length, 1);
      assert.equal(text(results.interrupts[name]!, "stderr"), "");
      assert.ok(milliseconds < 2000, `${milliseconds} ms`);
    });
  }

  it("keeps the session when it is stopped", () => assert.equal(value(results.kept), "42"));

  it("answers heartbeats while a cell loops", () => assert.equal(results.heartbeat.length, 20));

  it("drops what is signed with another key or not at all, and unknown messages", () => {
    assert.deepEqual([results.badly_signed, results.unsigned], [false, false]);
    assert.equal(value(results.kept_after_bad), "42");
    assert.equal(value(results.after_unknown), "42");
  });

  it("prints 20,000 lines whole and in order, in few messages", () => {
    assert.equal(results.lines.whole, true);
    assert.ok(results.lines.messages < 500, `${results.lines.messages} messages`);
  });

  it("ends when a cell calls process.exit, after saying so", () => {
    assert.equal(text(results.exit, "stdout"), "before\n");
    assert.deepEqual([results.exit.reply.ename, results.exit_in_cell], ["ProcessExit", 3]);
  });

  it("starts afresh after a restart", () => assert.equal(value(results.after_restart), "'undefined'"));

  it("answers a shutdown and ends", () => {
    assert.deepEqual(results.shutdown_reply, { status: "ok", restart: false });
    assert.equal(results.exit_code, 0);
  });

  it("ends when its parent dies, even in a loop", () => assert.equal(results.orphan_ended, true));

  it("says how fast it was", () => {
    const { ready, round_trip: roundTrip, shutdown, heartbeat } = results;
    const interrupts = Object.values(results.interrupts).map(({ milliseconds }) => milliseconds.toFixed(0));
    process.stderr.write(
      `      ready ${ready.toFixed(0)} ms, 1+1 ${roundTrip.toFixed(1)} ms, interrupts ${interrupts.join(", ")} ms, ` +
        `heartbeat ${heartbeat.at(-1)!.toFixed(1)} ms at most, shutdown ${shutdown.toFixed(0)} ms\n`,
    );
  });
});
