import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import type { Notebook, Output } from "../../src/notebook/nbformat.ts";
import { parseNotebook } from "../../src/notebook/parseNotebook.ts";
import {
  runNotebook,
  type Progress,
  type RunOptions,
  type RunResult,
} from "../../src/notebook/runNotebook.ts";
import { code, needIpykernel, schemaErrors, writeCells } from "./support/notebooks.ts";

describe("runNotebook", function () {
  this.timeout(60_000);
  let directory: string;
  let ipykernel: { argv: string[] };
  before(function () {
    ipykernel = needIpykernel.call(this);
  });
  beforeEach(() => (directory = realpathSync(mkdtempSync(join(tmpdir(), "convoscope-run-")))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const cells = (...sources: Parameters<typeof writeCells>[2][number][]): string =>
    writeCells(directory, "a.ipynb", sources);

  async function run(
    path: string,
    options: Partial<RunOptions> = {},
  ): Promise<{ result: RunResult; notebook: Notebook; outputs: Output[][] }> {
    const output = join(directory, "out/a.ipynb");
    const result = await runNotebook(path, { kernel: ipykernel, output, ...options });
    const text = readFileSync(output, "utf8");
    assert.deepEqual(schemaErrors?.(text), [], "what is written is valid by nbformat's schema");
    const notebook = parseNotebook(text);
    return {
      result,
      notebook,
      outputs: notebook.cells.flatMap((cell) => (cell.cell_type === "code" ? [cell.outputs] : [])),
    };
  }

  it("writes an executed copy and a page, and leaves the notebook alone", async () => {
    const path = cells("a = 6", "a * 7");
    const before = readFileSync(path, "utf8");
    const { result, notebook, outputs } = await run(path);
    assert.equal(result.failure, undefined);
    assert.deepEqual([result.finished, result.cells], [2, 2]);
    assert.deepEqual(outputs, [
      [],
      [{ output_type: "execute_result", execution_count: 2, data: { "text/plain": "42" }, metadata: {} }],
    ]);
    assert.equal(result.html, join(directory, "out/a.html"));
    assert.match(readFileSync(result.html, "utf8"), /<pre class="output plain">42<\/pre>/);
    assert.equal(readFileSync(path, "utf8"), before);
    assert.equal(notebook.metadata.language_info?.name, "python");
  });

  it("records when what happened, as JupyterLab does", async () => {
    const { notebook } = await run(cells("1"));
    const times = notebook.cells[0]?.metadata.execution ?? {};
    const names = ["iopub.execute_input", "iopub.status.busy", "iopub.status.idle", "shell.execute_reply"];
    assert.deepEqual(Object.keys(times).sort(), names);
    for (const time of Object.values(times)) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
  });

  it("works in the notebook's directory", async () => {
    mkdirSync(join(directory, "sub"));
    const { outputs } = await run(writeCells(join(directory, "sub"), "b.ipynb", ["import os; os.getcwd()"]));
    assert.match(JSON.stringify(outputs), new RegExp(`${join(directory, "sub")}'`));
  });

  it("updates a display of an earlier cell", async () => {
    const { outputs } = await run(cells("h = display('old', display_id=True)", "h.update('new')"));
    assert.match(JSON.stringify(outputs[0]), /'new'/);
    assert.deepEqual(outputs[1], []);
  });

  it("stops at the first error and keeps what was finished; old outputs of the rest are not kept", async () => {
    const old = {
      ...code("3"),
      execution_count: 9,
      outputs: [{ output_type: "stream" as const, name: "stdout" as const, text: "old" }],
    };
    const { result, outputs, notebook } = await run(cells("print('kept')", "1/0", old));
    assert.equal(result.failure?.number, 2);
    assert.ok(result.failure.outcome.is === "error");
    assert.match(result.failure.outcome.message, /^ZeroDivisionError: division by zero$/);
    assert.ok(result.failure.outcome.traceback.length > 0);
    assert.deepEqual(
      outputs.map((some) => some.map((output) => output.output_type)),
      [["stream"], ["error"], []],
    );
    assert.ok(notebook.cells[2]?.cell_type === "code");
    assert.equal(notebook.cells[2].execution_count, null);
  });

  it("goes on where an error is expected, or allowed", async () => {
    const expected = await run(cells(code("1/0", { tags: ["raises-exception"] }), "2"));
    assert.equal(expected.result.failure, undefined);
    const allowed = await run(cells("1/0", "2"), { allowErrors: true });
    assert.equal(allowed.result.failure, undefined);
    assert.equal(allowed.outputs[1]?.length, 1);
  });

  it("skips cells tagged skip-execution, with their outputs, and empty ones", async () => {
    const kept = {
      ...code("1/0", { tags: ["skip-execution"] }),
      outputs: [{ output_type: "stream" as const, name: "stdout" as const, text: "kept" }],
    };
    const { result, outputs, notebook } = await run(cells("  ", kept, "2"));
    assert.deepEqual([result.finished, result.cells], [1, 1]);
    assert.equal(outputs[1]?.length, 1);
    assert.ok(notebook.cells[2]?.cell_type === "code");
    assert.equal(notebook.cells[2].execution_count, 1);
  });

  it("interrupts a cell that takes too long, and says which", async () => {
    const { result, outputs } = await run(
      cells("1", "print('begun', flush=True)\nimport time; time.sleep(60)", "3"),
      { timeout: 1 },
    );
    assert.deepEqual(result.failure, {
      number: 2,
      outcome: { is: "timeout", message: "expected to finish within 1 s" },
    });
    assert.match(JSON.stringify(outputs[1]), /begun.*KeyboardInterrupt/);
    assert.ok(result.seconds < 20, "it did not wait for the cell");
  });

  it("reports a kernel that dies in a cell, with what was finished before", async () => {
    const { result, outputs } = await run(cells("print('kept')", "import os; os._exit(3)", "3"));
    assert.equal(result.failure?.number, 2);
    assert.match(
      JSON.stringify(result.failure.outcome),
      /"is":"died","message":"the kernel ended with code 3/,
    );
    assert.match(JSON.stringify(outputs[0]), /kept/);
  });

  it("ends tidily when it is stopped: the cell is interrupted, what is finished is written", async () => {
    const controller = new AbortController();
    const onProgress = (progress: Progress): void => {
      if (progress.is === "output" && progress.cell.outputs.length > 0 && progress.number === 2)
        controller.abort();
    };
    const path = cells("print('kept')", "print('begun', flush=True)\nimport time; time.sleep(60)");
    const { result, outputs } = await run(path, { signal: controller.signal, onProgress });
    assert.deepEqual(result.failure, { number: 2, outcome: { is: "stopped" } });
    assert.match(JSON.stringify(outputs), /kept.*begun.*KeyboardInterrupt/);
    assert.ok(existsSync(result.html));
  });

  it("has written everything before a cell when that begins, so that nothing can take it away", async () => {
    const output = join(directory, "out/a.ipynb");
    const seen: string[] = [];
    const onProgress = (progress: Progress): void => {
      if (progress.is === "cell") seen.push(readFileSync(output, "utf8"));
    };
    await run(cells("print('first')", "print('second')"), { onProgress });
    assert.doesNotMatch(seen[0] ?? "", /"first\\n"/);
    assert.match(seen[1] ?? "", /"first\\n"/);
  });

  it("tells how it goes on", async () => {
    const told: string[] = [];
    const path = cells(code("epochs = 30", { tags: ["parameters"] }), "epochs");
    await run(path, {
      parameters: { epoch: 2 },
      onProgress: (progress) =>
        void (
          progress.is === "output" ||
          told.push(
            JSON.stringify([
              progress.is,
              "number" in progress ? progress.number : progress.unknownParameters,
            ]),
          )
        ),
    });
    assert.deepEqual(told, ['["start",["epoch"]]', '["cell",1]', '["done",1]', '["cell",2]', '["done",2]']);
  });

  it("starts no kernel for a notebook without code", async () => {
    const path = join(directory, "a.ipynb");
    writeFileSync(
      path,
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: [{ id: "a", cell_type: "markdown", metadata: {}, source: "# Only words" }],
      }),
    );
    const { result } = await run(path, { kernel: { argv: ["/no/such/kernel"] } });
    assert.equal(result.failure, undefined);
  });

  describe("refuses", () => {
    const refused = async (
      message: RegExp,
      path: string,
      options: Partial<RunOptions> = {},
    ): Promise<void> => {
      const output = join(directory, "out/a.ipynb");
      const work = runNotebook(path, {
        kernel: { ...ipykernel, languages: ["typescript"] },
        output,
        ...options,
      });
      await assert.rejects(work, (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(existsSync(output), false, "nothing was written");
    };

    it("a notebook that is not there", () =>
      refused(
        /nowhere\.ipynb: expected a notebook file, found none of that name/,
        join(directory, "nowhere.ipynb"),
      ));
    it("a directory", () => refused(/expected a notebook file, found a directory/, directory));
    it("a file that is no notebook", () => {
      writeFileSync(join(directory, "b.ipynb"), "{");
      return refused(/expected a Jupyter notebook \(JSON\)/, join(directory, "b.ipynb"));
    });
    it("a notebook in another language", () =>
      refused(
        /expected a notebook in typescript, found one in R; run it with jupyter execute/,
        writeCells(directory, "r.ipynb", ["1"], {
          kernelspec: { name: "ir", display_name: "R", language: "R" },
        }),
      ));
    it("to write the page over the notebook", () => {
      const path = cells("1");
      return refused(/expected a place of its own for the page/, path, { html: path });
    });
    it("a place where it cannot write, before anything runs", () => {
      writeFileSync(join(directory, "out"), "a file");
      return refused(/found a file where a directory should be/, cells("1"));
    });
  });
});
