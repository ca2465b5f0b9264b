import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CodeCell } from "../../src/notebook/nbformat.ts";
import { parseNotebook } from "../../src/notebook/parseNotebook.ts";
import { code, schemaErrors, writeCells } from "../notebook/support/notebooks.ts";
import { needProgram, needPython } from "../support/needs.ts";
import { program } from "../support/paths.ts";
import { runToEnd } from "../support/processes.ts";
import { convoscope } from "./support/convoscope.ts";

describe("convoscope run", function () {
  this.timeout(60_000);
  let directory: string;
  before(needProgram);
  beforeEach(() => (directory = realpathSync(mkdtempSync(join(tmpdir(), "convoscope-run-")))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const cells = (...sources: Parameters<typeof writeCells>[2][number][]): string =>
    writeCells(directory, "a.ipynb", sources);
  const run = (...args: string[]): ReturnType<typeof convoscope> =>
    convoscope(["run", ...args], { cwd: directory });

  function executed(path = join(directory, "out/a.ipynb")): CodeCell[] {
    const text = readFileSync(path, "utf8");
    assert.deepEqual(schemaErrors?.(text), []);
    return parseNotebook(text).cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  }

  it("leaves an executed copy and a page in out/, and says so", async () => {
    cells("const a = 6", "a * 7");
    const { code: exit, stdout, stderr } = await run("a.ipynb");
    assert.equal(exit, 0, stderr);
    assert.match(stdout, /^a\.ipynb: 2 cells in \d+\.\d s\n {2}out\/a\.ipynb\n {2}out\/a\.html\n$/);
    assert.deepEqual(readdirSync(join(directory, "out")).sort(), ["a.html", "a.ipynb"]);
    const result = executed()[1]?.outputs[0];
    assert.ok(result?.output_type === "execute_result");
    assert.equal(result.data["text/plain"], "42");
  });

  it("names the kernel in the copy of a notebook that named none", async () => {
    cells("1");
    await run("a.ipynb");
    const { metadata } = parseNotebook(readFileSync(join(directory, "out/a.ipynb"), "utf8"));
    assert.deepEqual(metadata.kernelspec, {
      name: "convoscope",
      display_name: "TypeScript (Convoscope)",
      language: "typescript",
    });
    assert.equal(metadata.language_info?.name, "typescript");
  });

  it("shows one line for each cell where there is no terminal", async () => {
    cells("const a = 6", "\n// the answer\na * 7");
    const { stderr } = await run("a.ipynb");
    assert.match(
      stderr,
      /^a\.ipynb: 2 cells\n {2}\[1\/2\] +\d+\.\d s {2}const a = 6\n {2}\[2\/2\] +\d+\.\d s {2}\/\/ the answer\n$/,
    );
  });

  it("sets parameters after the cell tagged parameters", async () => {
    cells(code("const epochs = 30;", { tags: ["parameters"] }), "epochs + 1");
    const { code: exit, stderr } = await run("a.ipynb", "--param", "epochs=2", "--param", "name=x");
    assert.equal(exit, 0, stderr);
    assert.match(stderr, /--param name: the cell tagged "parameters" has none of that name/);
    const [, injected, last] = executed();
    assert.deepEqual(injected?.metadata.tags, ["injected-parameters"]);
    assert.match(JSON.stringify(last?.outputs), /"3"/);
  });

  it("ends with 1 at the first error, with its traceback, and names the cell", async () => {
    cells("1", 'throw new Error("no luck")', "3");
    const { code: exit, stdout, stderr } = await run("a.ipynb");
    assert.equal(exit, 1);
    assert.match(stderr, /no luck[\s\S]*at Cell \[2\][\s\S]*\na\.ipynb: cell 2: Error: no luck\n$/);
    assert.match(stdout, /^a\.ipynb: 1 of 3 cells/);
    assert.deepEqual(
      executed().map(({ execution_count: count }) => count),
      [1, 2, null],
    );
  });

  it("goes on after errors that are allowed", async () => {
    cells('throw new Error("no luck")', "3");
    const { code: exit } = await run("a.ipynb", "--allow-errors");
    assert.equal(exit, 0);
    assert.equal(executed()[1]?.execution_count, 2);
  });

  it("interrupts a cell that computes for too long", async () => {
    cells("1", "for (;;) {}", "3");
    const { code: exit, stderr } = await run("a.ipynb", "--timeout", "1");
    assert.equal(exit, 1);
    assert.match(stderr, /a\.ipynb: cell 2: expected to finish within 1 s\n$/);
  });

  it("runs several notebooks, also after one of them failed", async () => {
    writeCells(directory, "b.ipynb", ["1"]);
    cells("throw 1");
    const { code: exit, stdout, stderr } = await run("a.ipynb", "nowhere.ipynb", "b.ipynb");
    assert.equal(exit, 1);
    assert.match(stderr, /nowhere\.ipynb: expected a notebook file, found none of that name/);
    assert.match(stdout, /b\.ipynb: 1 cell in/);
  });

  it("writes where it is told to", async () => {
    cells("1");
    const { code: exit } = await run("a.ipynb", "--output", "x/y.ipynb", "--html", "z.html");
    assert.equal(exit, 0);
    assert.deepEqual(readdirSync(directory).sort(), ["a.ipynb", "x", "z.html"]);
  });

  it("gives the outputs that nbclient gives with the same kernel", async function () {
    const python = needPython.call(this);
    const path = cells(
      "console.log('a'); console.error('b'); 1 + 1",
      "interface A { x: number }\nconst a: A = { x: 1 }; a",
      "await new Promise((later) => setTimeout(later, 50)); [1, 'two']",
      code("null!.x", { tags: ["raises-exception"] }),
      "const a = 'anew'; a",
    );
    await run("a.ipynb");
    const { code: exit, stderr } = await runToEnd(process.execPath, [
      program,
      "install",
      "--prefix",
      directory,
    ]);
    assert.equal(exit, 0, stderr);
    const script = [
      "import sys, nbformat, nbclient",
      "nb = nbformat.read(sys.argv[1], 4)",
      "nbclient.NotebookClient(nb, kernel_name='convoscope', timeout=60).execute()",
      "nbformat.write(nb, sys.argv[2])",
    ].join("\n");
    const reference = join(directory, "reference.ipynb");
    const env = { JUPYTER_PATH: join(directory, "share/jupyter") };
    const finished = await runToEnd(python, ["-c", script, path, reference], { cwd: directory, env });
    assert.equal(finished.code, 0, finished.stderr);
    const outputs = (cellsOf: CodeCell[]): unknown[] =>
      cellsOf.map((cell) => [cell.execution_count, cell.outputs]);
    assert.deepEqual(outputs(executed()), outputs(executed(reference)));
  });

  describe("when it is ended from outside", () => {
    /** Starts a run whose second cell never ends, and waits until that has begun. */
    async function begin(): Promise<{ child: ChildProcess; kernel: number; ended: Promise<unknown[]> }> {
      cells("console.log('kept', process.pid)", "console.log('begun'); await new Promise(() => {})");
      const child = spawn(process.execPath, [program, "run", "a.ipynb"], { cwd: directory, stdio: "ignore" });
      const ended = once(child, "exit");
      const output = join(directory, "out/a.ipynb");
      for (let wait = 0; wait < 300; wait++) {
        const pid = existsSync(output) ? /kept (\d+)/.exec(readFileSync(output, "utf8"))?.[1] : undefined;
        if (pid !== undefined) {
          await delay(300);
          return { child, kernel: Number(pid), ended };
        }
        await delay(50);
      }
      throw new Error("the first cell did not end");
    }

    async function isGone(pid: number): Promise<boolean> {
      for (let wait = 0; wait < 100; wait++) {
        const { stdout } = await runToEnd("ps", ["-o", "stat=", "-p", String(pid)]);
        if (/^(Z.*)?\s*$/.test(stdout)) return true;
        await delay(100);
      }
      return false;
    }

    for (const [signal, exit] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      it(`interrupts the cell at ${signal}, keeps what is finished, makes the page, ends the kernel`, async () => {
        const { child, kernel, ended } = await begin();
        child.kill(signal);
        assert.deepEqual(await ended, [exit, null]);
        const text = JSON.stringify(executed().map(({ outputs }) => outputs));
        assert.match(text, /kept.*begun/);
        assert.match(readFileSync(join(directory, "out/a.html"), "utf8"), /kept/);
        assert.ok(await isGone(kernel));
      });
    }

    it("has kept what is finished even at SIGKILL, and leaves no kernel behind", async () => {
      const { child, kernel, ended } = await begin();
      child.kill("SIGKILL");
      await ended;
      assert.match(JSON.stringify(executed()[0]?.outputs), /kept/);
      assert.deepEqual(readdirSync(join(directory, "out")), ["a.ipynb"], "no half-written file is left");
      assert.ok(await isGone(kernel));
    });
  });

  describe("refuses in one line", () => {
    const refused = (
      what: string,
      args: string[],
      message: RegExp,
      prepare: () => void = () => undefined,
    ): Mocha.Test =>
      it(what, async () => {
        prepare();
        const { code: exit, stdout, stderr } = await run(...args);
        assert.deepEqual([exit, stdout], [1, ""]);
        assert.match(stderr, message);
        assert.equal(stderr.trimEnd().split("\n").length, 1);
        assert.equal(existsSync(join(directory, "out/a.ipynb")), false);
      });

    refused(
      "a notebook that is not there",
      ["no.ipynb"],
      /^convoscope run: no\.ipynb: expected a notebook file, found none of that name/,
    );
    refused("a directory", ["."], /^convoscope run: \.: expected a notebook file, found a directory/);
    refused(
      "JSON cut short",
      ["a.ipynb"],
      /^convoscope run: a\.ipynb: expected a Jupyter notebook \(JSON\), found/,
      () => writeFileSync(join(directory, "a.ipynb"), '{"cells": ['),
    );
    refused(
      "a notebook in Python",
      ["a.ipynb"],
      /expected a notebook in typescript or javascript, found one in python; run it with jupyter execute/,
      () =>
        void writeCells(directory, "a.ipynb", ["1"], {
          kernelspec: { name: "python3", display_name: "Python", language: "python" },
        }),
    );
    refused(
      "a parameter without a value",
      ["a.ipynb", "--param", "epochs"],
      /^convoscope run --param: expected name=value, found "epochs"; for example --param epochs=2/,
    );
    refused(
      "a time that is none",
      ["a.ipynb", "--timeout", "soon"],
      /^convoscope run --timeout: expected seconds, more than 0 and less than 24 days, found "soon"/,
    );
    refused("a time that is over", ["a.ipynb", "--timeout=-1"], /found "-1"/);
    refused(
      "two notebooks for one file",
      ["a.ipynb", "b.ipynb", "--output", "c.ipynb"],
      /expected one notebook with --output, found 2; run them one by one/,
    );
    refused(
      "an out/ that cannot be written",
      ["a.ipynb"],
      /expected a place for out\/a\.ipynb, found a file where a directory should be; free space or choose another path/,
      () => {
        cells("1");
        writeFileSync(join(directory, "out"), "");
      },
    );
  });
});
