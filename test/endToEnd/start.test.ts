import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ICodeCell, INotebookContent } from "@jupyterlab/nbformat";
import { runToEnd, type Finished } from "../support/processes.ts";
import { root } from "../support/paths.ts";

const start = (directory: string, args: string[], env: Record<string, string> = {}): Promise<Finished> =>
  runToEnd(process.execPath, [join(root, "scripts/start.mjs"), ...args], { cwd: directory, env });

function outputsOf(notebook: string): ICodeCell["outputs"] {
  const { cells } = JSON.parse(readFileSync(notebook, "utf8")) as INotebookContent;
  return cells.filter((cell): cell is ICodeCell => cell.cell_type === "code").flatMap((cell) => cell.outputs);
}

const printed = (notebook: string): string => JSON.stringify(outputsOf(notebook));

describe("npm start", function () {
  this.timeout(300_000);
  let directory: string;

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "convoscope-start-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("runs the lesson and leaves the executed notebook and a page without links to anywhere", async () => {
    const { code, stdout, stderr } = await start(directory, ["--param", "epochs=2"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /npm run lab/);
    const notebook = join(directory, "out/03-shapes.ipynb");
    const pictures = outputsOf(notebook).filter(
      (output) => "data" in output && "image/png" in (output.data as object),
    );
    assert.ok(pictures.length >= 4, `${pictures.length} pictures`);
    assert.match(printed(notebook), /174,243/);
    const page = readFileSync(join(directory, "out/03-shapes.html"), "utf8");
    assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//);
    assert.ok((page.match(/<img/g) ?? []).length >= 4);
  });

  it("trains with WebAssembly when told to, and says so", async () => {
    const { code, stderr } = await start(directory, ["--param", "epochs=1"], { CONVOSCOPE_BACKEND: "wasm" });
    assert.equal(code, 0, stderr);
    assert.match(printed(join(directory, "out/03-shapes.ipynb")), /wasm.*CONVOSCOPE_BACKEND/);
  });

  it("leaves with code 1 and no output when the notebook is missing", async () => {
    const { code, stderr } = await start(directory, ["missing.ipynb"]);
    assert.equal(code, 1);
    assert.match(stderr, /missing\.ipynb/);
    assert.equal(existsSync(join(directory, "out")), false);
  });
});
