import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { program, python } from "../support/paths.ts";
import { runToEnd } from "../support/processes.ts";

interface Executed {
  reply: Record<string, unknown> & { status: string };
  published: { type: string; content: Record<string, unknown> }[];
}

type Data = Record<string, string>;

/** What client.py writes down. Times are in milliseconds. */
interface Results {
  orphan_ended: boolean;
  ready: number;
  kernel_info: Record<string, unknown>;
  kernel_info_on_control: Record<string, unknown>;
  welcome: { type: string; content: unknown; topic: string };
  is_complete: Record<string, { status: string }>;
  comm_info: unknown;
  history: unknown;
  complete: unknown;
  inspect: unknown;
  cells: Record<string, Executed[]>;
  expressions: Executed;
  silent: Executed;
  stop_on_error: [string, string, string, string, Executed];
  interrupts: Record<string, Executed & { milliseconds: number }>;
  heartbeat: number[];
  kept: Executed;
  badly_signed: boolean;
  unsigned: boolean;
  kept_after_bad: Executed;
  after_unknown: Executed;
  lines: { whole: boolean; messages: number };
  round_trip: number;
  exit: Executed;
  exit_in_cell: number;
  after_restart: Executed;
  shutdown_reply: unknown;
  exit_code: number;
  shutdown: number;
}

/** Cells by what they are to show; those of one list run one after the other. */
const cells = {
  result: ["1 + 1"],
  streams: [
    "console.log('out'); console.error('err'); process.stdout.write('no newline'); console.log('😀')",
  ],
  types: ["interface A { a: number }\nconst x: A = { a: 1 };\nenum E { B = 7 }\nx.a + E.B"],
  redeclared: ["let a = 1; const f = () => a", "const a = 'two'", "class a {}; f().name"],
  awaited: ["const answer = await new Promise<number>((r) => setTimeout(() => r(42), 5)); answer"],
  "error in TypeScript's lines": [
    "interface Shape {\n  sides: number;\n}\n\nfunction check(shape: Shape): void {\n  throw new RangeError(`no ${shape.sides}`);\n}",
    "check({ sides: 2 });",
  ],
  "syntax error": ["let a = 1;\nlet b: = 2;"],
  "ESM-only package": ["import { compile } from 'vega-lite';\ntypeof compile"],
  "CommonJS package": [
    "import { createRequire } from 'node:module'; import seedrandom from 'seedrandom'; typeof seedrandom",
  ],
  "CommonJS names that Node overlooks": ["import { fixed, computed } from './names.cjs'; [fixed, computed]"],
  "packages beside the notebook": ["import { where } from 'beside'; where"],
  "this package": [
    "const own = await import('convoscope/package.json', { with: { type: 'json' } }); own.default.name",
  ],
  "local modules": [
    "import { area } from './shapes.ts'; import data from './data.json' with { type: 'json' }; [area(2), data.n]",
    "import { writeFileSync } from 'node:fs';\nwriteFileSync('constants.ts', 'export const factor: number = 100;')",
    "import { area } from './shapes'; area(2)",
    "area(-1)",
  ],
  "missing export": ["import { nothing } from 'node:path'"],
  "late output": [
    "setTimeout(() => console.log('late'), 50)",
    "await new Promise((r) => setTimeout(r, 150)); 'waited'",
  ],
  "late errors": [
    "setTimeout(() => { throw new Error('in a timer') }, 5); Promise.reject(new Error('forgotten')); await new Promise((r) => setTimeout(r, 60)); 'alive'",
  ],
  "globals unharmed": [
    "const process = 1, name = 'n', performance = null, history = [], crypto = 0; import fs from 'node:fs'; fs.existsSync('.')",
  ],
  surrogates: ["console.log('half \\ud83d'); '\\ud83d'"],
  picture: ["Buffer.from('89504e470d0a1a0a', 'hex')"],
  display: [
    "({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/html': '<b>x</b>', 'application/json': { a: [NaN] } }) })",
  ],
};

describe("the kernel, with jupyter_client", function () {
  this.timeout(120_000);
  let directory: string;
  let results: Results;

  before(async function () {
    if (python === undefined) {
      process.stderr.write("      skipped: no Python in .venv; run npm run setup\n");
      return this.skip();
    }
    directory = await mkdtemp(join(tmpdir(), "kernel-"));
    const write = (path: string, text: string): Promise<void> => writeFile(join(directory, path), text);
    await mkdir(join(directory, "node_modules/beside"), { recursive: true });
    await Promise.all([
      write("cells.json", JSON.stringify(cells)),
      write("names.cjs", 'exports.fixed = 1; exports["comp" + "uted"] = 2;'),
      write(
        "node_modules/beside/package.json",
        '{ "name": "beside", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
      ),
      write("node_modules/beside/index.js", "export const where = 'beside the notebook';"),
      write(
        "shapes.ts",
        "import { factor } from './constants';\nimport { type Side } from './constants';\nexport type Area = Side;\nexport function area(side: number): number {\n  if (side < 0) throw new RangeError(`side ${side}`);\n  return side * factor;\n}\n",
      ),
      write("constants.ts", "export interface Side { n: number }\nexport const factor: number = 10;\n"),
      write("data.json", '{ "n": 5 }'),
    ]);
    const script = join(import.meta.dirname, "client.py");
    const { code, stdout, stderr } = await runToEnd(python, [
      script,
      directory,
      process.execPath,
      program,
      "kernel",
    ]);
    assert.equal(code, 0, stderr);
    results = JSON.parse(stdout) as Results;
  });
  after(async () => {
    if (directory) await rm(directory, { recursive: true });
  });

  const executed = (name: keyof typeof cells): Executed[] => results.cells[name]!;
  const last = (name: keyof typeof cells): Executed => executed(name).at(-1)!;
  const value = ({ published, reply }: Executed): string | undefined => {
    const result = published.find(({ type }) => type === "execute_result");
    assert.equal(reply.status, "ok", JSON.stringify(reply));
    return (result?.content.data as Data | undefined)?.["text/plain"];
  };
  const text = ({ published }: Executed, name: string): string =>
    published
      .filter(({ type, content }) => type === "stream" && content.name === name)
      .map(({ content }) => content.text)
      .join("");

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
