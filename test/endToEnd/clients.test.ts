import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ICodeCell, INotebookContent, IOutput } from "@jupyterlab/nbformat";
import { installKernelspec } from "../conformance/support/installKernelspec.ts";
import { writeCells } from "../notebook/support/notebooks.ts";
import { needPython } from "../support/needs.ts";
import { python } from "../support/paths.ts";
import { runToEnd, type Finished } from "../support/processes.ts";

const script = [
  "import sys, nbformat, nbclient",
  "nb = nbformat.read(sys.argv[1], 4)",
  "nbclient.NotebookClient(nb, kernel_name='convoscope', timeout=60).execute()",
  "nbformat.write(nb, sys.argv[2])",
].join("\n");

/** Says whether writing to what a kernel has for its standard streams waits, while the kernel is there and afterwards. */
const streamsScript = [
  "import os, socket",
  "from jupyter_client.manager import KernelManager",
  "for ends in (os.pipe(), [end.detach() for end in socket.socketpair()]):",
  "    manager = KernelManager(kernel_name='convoscope')",
  "    manager.start_kernel(stdout=ends[1], stderr=ends[1])",
  "    client = manager.client()",
  "    client.start_channels()",
  "    client.wait_for_ready(timeout=60)",
  "    client.execute_interactive('process.stdout.write(\"1\"); console.error(2)', timeout=60)",
  "    during = os.get_blocking(ends[1])",
  "    client.stop_channels()",
  "    manager.shutdown_kernel()",
  "    print(during, os.get_blocking(ends[1]))",
].join("\n");

/** The programs that run notebooks without a browser, each as users call it: from `in.ipynb` to `out.ipynb`. */
const clients: Record<string, string[]> = {
  nbclient: ["-c", script, "in.ipynb", "out.ipynb"],
  "jupyter execute": ["-m", "jupyter", "execute", "in.ipynb", "--output", "out.ipynb"],
  "jupyter nbconvert --execute": [
    ...["-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "in.ipynb"],
    ...["--output", "out.ipynb"],
  ],
  papermill: ["-m", "papermill", "in.ipynb", "out.ipynb"],
};

const metadata = { kernelspec: { name: "convoscope", display_name: "TypeScript", language: "typescript" } };

describe("other programs that run notebooks", function () {
  this.timeout(180_000);
  let directory: string;
  let env: Record<string, string>;

  before(async function () {
    needPython.call(this);
    directory = mkdtempSync(join(tmpdir(), "clients-"));
    env = await installKernelspec(directory);
  });
  after(() => {
    if (directory) rmSync(directory, { recursive: true, force: true });
  });

  const run = (args: string[]): Promise<Finished> => runToEnd(python!, args, { cwd: directory, env });

  function outputs(): IOutput[][] {
    const { cells } = JSON.parse(readFileSync(join(directory, "out.ipynb"), "utf8")) as INotebookContent;
    return cells.filter((cell): cell is ICodeCell => cell.cell_type === "code").map((cell) => cell.outputs);
  }

  it("can go on writing to the standard streams that they have given the kernel", async () => {
    const { stdout, stderr } = await run(["-c", streamsScript]);
    assert.equal(stdout.replaceAll("1", ""), "True True\nTrue True\n", stderr);
  });

  for (const [name, args] of Object.entries(clients)) {
    describe(name, () => {
      const write = (cells: Parameters<typeof writeCells>[2]): string =>
        writeCells(directory, "in.ipynb", cells, metadata);

      it("runs a notebook and keeps what it shows", async () => {
        write([
          "interface Shape { sides: number }\nconst shape: Shape = { sides: 3 };\nconsole.log('printed', shape.sides)",
          "shape.sides + 1",
          "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>shown</b>', 'text/plain': 'shown' }) })",
          "await new Promise((done) => setTimeout(done, 20)); 'on'",
        ]);
        const { code: exit, stderr } = await run(args);
        assert.equal(exit, 0, stderr);
        const [printed, result, shown, last] = outputs();
        assert.deepEqual([printed![0]!.text].flat(), ["printed 3\n"]);
        assert.deepEqual((result![0]!.data as Record<string, unknown>)["text/plain"], ["4"]);
        assert.deepEqual((shown![0]!.data as Record<string, unknown>)["text/html"], ["<b>shown</b>"]);
        assert.equal(last!.length, 1);
      });

      it("stops at an error and says which", async () => {
        write(["1", "throw new RangeError('unexpected')", "console.log('never')"]);
        const { code: exit, stderr } = await run(args);
        assert.notEqual(exit, 0);
        assert.match(stderr, /RangeError[^]*unexpected/);
      });
    });
  }
});
