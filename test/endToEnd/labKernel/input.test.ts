import assert from "node:assert/strict";
import { needLab, sharedLab } from "../support/jupyterLab.ts";
import { openNotebook } from "../support/labNotebook.ts";

describe("JupyterLab's input box", function () {
  this.timeout(60_000);
  before(needLab);

  const questions = {
    "prompt, while everything waits": { source: 'prompt("name?")', asks: "name?" },
    "input, while other things go on": { source: 'await input("city? ")', asks: "city?" },
  };
  for (const [name, { source, asks }] of Object.entries(questions)) {
    it(`appears for ${name}, and brings the answer`, async () => {
      const notebook = await openNotebook(await sharedLab(), [source]);
      await notebook.run(0);
      const box = notebook.cell(0).locator("input.jp-Stdin-input");
      await box.waitFor();
      assert.match(
        await notebook.cell(0).locator(".jp-Stdin-prompt").innerText(),
        new RegExp(`^${asks.replace("?", "\\?")}`),
      );
      assert.notEqual(await box.getAttribute("type"), "password");
      await box.fill("Zoë 🦉");
      await notebook.picture(`input-${asks.slice(0, 4)}`);
      await box.press("Enter");
      assert.match(await notebook.ran(0), /^'Zoë 🦉'$/m);
    });
  }

  it("hides a password, in the box and afterwards", async () => {
    const notebook = await openNotebook(await sharedLab(), [
      'const key = await input("key: ", { password: true });\nkey.length',
    ]);
    await notebook.run(0);
    const box = notebook.cell(0).locator("input.jp-Stdin-input");
    await box.waitFor();
    assert.equal(await box.getAttribute("type"), "password");
    await box.fill("secret");
    await box.press("Enter");
    const shown = await notebook.ran(0);
    assert.match(shown, /^6$/m);
    assert.doesNotMatch(shown, /secret/);
  });

  it("goes when the stop button is pressed; the next question is a new one", async () => {
    const notebook = await openNotebook(await sharedLab(), ['prompt("first?")', 'prompt("second?")']);
    await notebook.run(0);
    await notebook.cell(0).locator("input.jp-Stdin-input").waitFor();
    await notebook.press("interrupt");
    assert.match(await notebook.ran(0), /KernelInterrupt/);
    await notebook.run(1);
    const box = notebook.cell(1).locator("input.jp-Stdin-input");
    await box.fill("yes");
    await box.press("Enter");
    assert.match(await notebook.ran(1), /^'yes'$/m);
  });
});
