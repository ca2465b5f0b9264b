import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { program } from "../support/paths.ts";
import { runToEnd } from "../support/processes.ts";

/** What a cell came to. */
export interface Executed {
  reply: Record<string, unknown> & { status: string };
  published: { type: string; content: Record<string, unknown> }[];
}

export type Data = Record<string, string>;

/** What client.py writes down. Times are in milliseconds. */
export interface Results {
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
export const cells = {
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

/** Lets client.py drive a kernel. */
export async function runClient(python: string): Promise<Results> {
  const directory = await mkdtemp(join(tmpdir(), "kernel-"));
  try {
    await writeFiles(directory);
    const script = join(import.meta.dirname, "client.py");
    const { code, stdout, stderr } = await runToEnd(python, [
      script,
      directory,
      process.execPath,
      program,
      "kernel",
    ]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Results;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The cells, and what they import. */
async function writeFiles(directory: string): Promise<void> {
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
}

/** The result of a cell as text. The cell must not have failed. */
export function value({ published, reply }: Executed): string | undefined {
  const result = published.find(({ type }) => type === "execute_result");
  assert.equal(reply.status, "ok", JSON.stringify(reply));
  return (result?.content.data as Data | undefined)?.["text/plain"];
}

/** What a cell has printed to a stream. */
export function text({ published }: Executed, name: "stdout" | "stderr"): string {
  return published
    .filter(({ type, content }) => type === "stream" && content.name === name)
    .map(({ content }) => content.text)
    .join("");
}
