import assert from "node:assert/strict";
import { needLab, sharedLab } from "../support/jupyterLab.ts";
import { openNotebook } from "../support/labNotebook.ts";

const endless = {
  "a loop": "for (;;) rounds++;",
  "a loop behind an await": "await 0;\nfor (;;) rounds++;",
  "an endless promise": "await new Promise(() => {});",
};

describe("JupyterLab's stop button", function () {
  this.timeout(60_000);
  before(needLab);

  for (const [name, source] of Object.entries(endless)) {
    it(`ends ${name}; nothing that waits behind it runs, and the variables are still there`, async () => {
      const notebook = await openNotebook(await sharedLab(), [
        "const kept = 42;\nlet rounds = 0;",
        `console.log("started");\n${source}`,
        "rounds = -1;",
        "[kept, rounds >= 0]",
      ]);
      await notebook.choose("Run", "Run All Cells");
      await notebook.shows(1, "started");
      assert.equal(await notebook.prompt(1), "[*]:");
      await notebook.press("interrupt");
      assert.match(await notebook.ran(1), /^started\n[^]*KernelInterrupt/);
      assert.equal(await notebook.prompt(2), "[ ]:");
      await notebook.run(3);
      assert.equal(await notebook.ran(3), "[ 42, true ]");
      await notebook.picture(`stop-${name.replaceAll(" ", "-")}`);
    });
  }
});
