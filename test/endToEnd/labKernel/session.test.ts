import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { needLab, sharedLab } from "../support/jupyterLab.ts";
import { kernelId, kernelIsConnected, openNotebook, printedSince } from "../support/labNotebook.ts";
import { eventually } from "../support/servers.ts";

describe("A session in JupyterLab", function () {
  this.timeout(60_000);
  before(needLab);

  it("begins anew when the kernel is restarted, also in the middle of a loop", async () => {
    const notebook = await openNotebook(await sharedLab(), [
      "const kept = 42;",
      'console.log("started");\nfor (;;);',
      "typeof kept",
    ]);
    await notebook.run(0);
    await notebook.ran(0);
    await notebook.run(1);
    await notebook.shows(1, "started");
    const id = await kernelId(notebook.page);
    await notebook.press("restart");
    await notebook.page.locator(".jp-Dialog .jp-mod-accept").click();
    await notebook.page.locator(".jp-Dialog").waitFor({ state: "detached" });
    await eventually(async () => {
      const states = await (await sharedLab()).kernels();
      return states.some((kernel) => kernel.id === id && kernel.execution_state === "idle");
    });
    await kernelIsConnected(notebook.page);
    await notebook.run(2);
    assert.match(await notebook.ran(2), /^'undefined'$/m);
    assert.equal(await notebook.prompt(2), "[1]:");
  });

  it("can be run again from the menu, from the first cell on", async () => {
    const notebook = await openNotebook(await sharedLab(), ["const id = process.pid;", "[id, process.pid]"]);
    await notebook.choose("Run", "Run All Cells");
    const before = await notebook.ran(1);
    await notebook.choose("Run", "Restart Kernel and Run All Cells…");
    await notebook.page.locator(".jp-Dialog .jp-mod-accept").click();
    const after = await eventually(async () => {
      const shown = await notebook.ran(1);
      return shown !== before && shown !== "" && shown;
    });
    assert.match(after, /^\[ (\d+), \1 \]$/);
    assert.equal(await notebook.prompt(1), "[2]:");
  });

  it("goes on while the page is loaded again in the middle of a run", async () => {
    const lab = await sharedLab();
    const go = join(lab.directory, "go");
    const notebook = await openNotebook(lab, [
      "const kept = Math.random();\nkept",
      `const { existsSync } = await import("node:fs");
console.log("waiting");
while (!existsSync(${JSON.stringify(go)})) await new Promise((later) => setTimeout(later, 50));
console.log("finished");
const result = "done";`,
      "[kept, result]",
    ]);
    await notebook.run(0);
    const kept = await notebook.ran(0);
    await notebook.run(1);
    await notebook.shows(1, "waiting");
    const id = await kernelId(notebook.page);
    await notebook.page.evaluate(() => jupyterapp.shell.currentWidget?.context?.save());

    await notebook.page.reload();
    // Another notebook may be in front for a moment, while JupyterLab opens again what was open.
    await kernelIsConnected(notebook.page, id);
    await notebook.picture("reload-running");
    const printed = await printedSince(notebook.page);
    await notebook.run(2);
    writeFileSync(go, "");
    assert.equal(await notebook.ran(2), `[ ${kept}, 'done' ]`);
    await eventually(async () => (await printed()).includes("finished"));
    await eventually(async () => {
      const states = await lab.kernels();
      return states.find((kernel) => kernel.id === id)?.execution_state === "idle";
    });
    assert.equal(await notebook.page.locator(".jp-Dialog").count(), 0, "nothing is said of a dead kernel");
    await notebook.picture("reload-finished");
  });
});
