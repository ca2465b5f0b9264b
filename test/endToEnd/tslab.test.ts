import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KernelClient } from "../../src/notebook/kernelClient.ts";
import { needProgram } from "../support/needs.ts";
import { root } from "../support/paths.ts";

interface Published {
  type: string;
  content: Record<string, unknown>;
}

describe("the library in tslab's kernel", function () {
  this.timeout(120_000);
  // tslab knows nothing of package.json's "exports", so the library must lie in a node_modules, as it does for its users.
  const directory = mkdtempSync(join(tmpdir(), "convoscope-tslab-"));
  let client: KernelClient;

  before(needProgram);
  before(async () => {
    mkdirSync(join(directory, "node_modules"));
    symlinkSync(root, join(directory, "node_modules/convoscope"));
    const program = join(root, "node_modules/tslab/bin/tslab");
    client = await KernelClient.start(
      { argv: [process.execPath, program, "kernel", "--config-path={connection_file}"] },
      { cwd: directory },
    );
  });
  after(async () => {
    await client?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function run(code: string): Promise<Published[]> {
    const published: Published[] = [];
    await client.execute(code, {
      onPublished: ({ header, content }) => published.push({ type: header.msg_type, content }),
    });
    return published;
  }

  const printed = (published: Published[], name: string): string =>
    published
      .flatMap(({ type, content }) =>
        type === "stream" && content.name === name ? [String(content.text)] : [],
      )
      .join("");

  it("is imported, types and all, and computes on the native backend", async () => {
    const published = await run(
      'import { tf, backend } from "convoscope";\nconsole.log(tf.add(1, 2).dataSync()[0], backend().name);',
    );
    assert.equal(printed(published, "stderr"), "");
    assert.match(printed(published, "stdout"), /^3 (tensorflow|wasm)/);
  });

  it("shows a View as a picture by display", async () => {
    const published = await run(`
      import { display, curves } from "convoscope";
      const history = { epoch: [0, 1], history: { loss: [1, 0.5], val_loss: [1, 0.7] } };
      await display(curves(history));`);
    const shown = published.filter(({ type }) => type === "display_data");
    assert.deepEqual(
      shown.map(({ content }) => Object.keys(content.data as object)),
      [["image/png"]],
      printed(published, "stderr"),
    );
  });

  it("prints a View as its text when it is the last expression", async () => {
    const published = await run("curves(history)");
    assert.match(printed(published, "stdout"), /val_loss/);
    assert.doesNotMatch(printed(published, "stdout"), /Symbol\(|\[Function/);
  });
});
