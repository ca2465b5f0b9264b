import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needLab, sharedLab } from "../support/jupyterLab.ts";
import {
  closeAll,
  kernelIsConnected,
  notebookOn,
  openNotebook,
  type LabNotebook,
} from "../support/labNotebook.ts";
import { eventually } from "../support/servers.ts";

/** Goes to the end of a cell, as the reader does before pressing Tab. */
async function toEndOf(notebook: LabNotebook, index: number): Promise<void> {
  await notebook.cell(index).locator(".cm-content").click();
  await notebook.page.keyboard.press("Control+End");
}

/** What the completion popup offers. Tab is pressed again while there is none: JupyterLab waits a second for an answer, no longer. */
async function completions(notebook: LabNotebook, index: number): Promise<{ name: string; kind: string }[]> {
  const items = notebook.page.locator(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item");
  await toEndOf(notebook, index);
  await eventually(async () => {
    await notebook.page.keyboard.press("Tab");
    return items
      .first()
      .waitFor({ timeout: 3000 })
      .then(
        () => true,
        () => false,
      );
  });
  return items.evaluateAll((elements) =>
    elements.map((element) => ({
      name: element.querySelector(".jp-Completer-match")?.textContent ?? "",
      kind: element.querySelector(".jp-Completer-typeExtended")?.textContent ?? "",
    })),
  );
}

describe("Writing a cell in JupyterLab", function () {
  this.timeout(60_000);
  before(needLab);

  it("offers the members of a value, with what kind each is", async () => {
    const notebook = await openNotebook(await sharedLab(), [
      "class Model {\n  layers = 3;\n  fit(epochs: number): string {\n    return `${epochs}`;\n  }\n}\nconst model = new Model();",
      "model.",
    ]);
    await notebook.run(0);
    await notebook.ran(0);
    const offered = await completions(notebook, 1);
    await notebook.picture("completion");
    assert.deepEqual(
      offered
        .slice(0, 2)
        .map(({ name }) => name)
        .sort(),
      ["fit", "layers"],
    );
    assert.equal(offered.find(({ name }) => name === "fit")?.kind, "method");
    await notebook.page.keyboard.type("fi");
    await notebook.page.keyboard.press("Enter");
    assert.equal(await notebook.cell(1).locator(".cm-content").innerText(), "model.fit");
  });

  it("offers them while a cell computes", async () => {
    const notebook = await openNotebook(await sharedLab(), ['console.log("started");\nfor (;;);', "[1]."]);
    await notebook.run(0);
    await notebook.shows(0, "started");
    const offered = await completions(notebook, 1);
    await notebook.picture("completion-while-busy");
    assert.equal(await notebook.prompt(0), "[*]:");
    assert.ok(
      offered.some(({ name }) => name === "map"),
      JSON.stringify(offered.slice(0, 5)),
    );
    await notebook.page.keyboard.press("Escape");
    await notebook.press("interrupt");
    await notebook.ran(0);
  });

  it("shows a signature and its description on Shift-Tab", async () => {
    const notebook = await openNotebook(await sharedLab(), [
      "/** Halves a number. */\nfunction half(whole: number): number {\n  return whole / 2;\n}",
      "half",
    ]);
    await notebook.run(0);
    await notebook.ran(0);
    await toEndOf(notebook, 1);
    await notebook.page.keyboard.press("Shift+Tab");
    const tooltip = notebook.page.locator(".jp-Tooltip");
    await tooltip.waitFor();
    await notebook.picture("tooltip");
    const text = await tooltip.innerText();
    assert.match(text, /half\(whole: number\): number/);
    assert.match(text, /Halves a number\./);
    await notebook.page.keyboard.press("Escape");
    await tooltip.waitFor({ state: "detached" });
  });

  it("is coloured as TypeScript", async () => {
    const notebook = await openNotebook(await sharedLab(), [
      "interface Layer {\n  readonly name: string;\n}",
    ]);
    const editor = notebook.cell(0).locator(".cm-content");
    assert.equal(await editor.getAttribute("data-language"), "typescript");
    const colour = (word: string): Promise<string> =>
      editor.locator(`span:text-is("${word}")`).evaluate((element) => getComputedStyle(element).color);
    assert.equal(await colour("interface"), await colour("readonly"));
    assert.notEqual(await colour("interface"), await colour("Layer"));
  });
});

describe("JupyterLab's launcher", function () {
  this.timeout(60_000);
  before(needLab);

  it("offers the kernel with its logo, and makes a notebook in TypeScript", async () => {
    const lab = await sharedLab();
    const page = await lab.page();
    await closeAll(page);
    const card = page
      .locator(".jp-Launcher:visible .jp-LauncherCard[data-category=Notebook]")
      .filter({ hasText: "TypeScript (Convoscope)" });
    await card.locator("img").waitFor();
    assert.ok(
      await eventually(() =>
        card.locator("img").evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
      ),
    );
    await page.screenshot({ path: join(lab.screenshots, "launcher.png") });
    await card.click();
    await page.locator('.lm-TabBar-tabLabel:text-is("Untitled.ipynb")').waitFor();
    await kernelIsConnected(page);
    const notebook = notebookOn(page, lab);
    await notebook.cell(0).locator(".cm-content").click();
    await page.keyboard.type("const half = (whole: number): number => whole / 2; half(42)");
    await page.keyboard.press("Control+Enter");
    assert.equal(await notebook.ran(0), "21");
    await page.evaluate(() => jupyterapp.shell.currentWidget?.context?.save());
    const { metadata } = JSON.parse(readFileSync(join(lab.directory, "Untitled.ipynb"), "utf8")) as {
      metadata: { kernelspec: object; language_info: { name: string; file_extension: string } };
    };
    assert.deepEqual(metadata.kernelspec, {
      display_name: "TypeScript (Convoscope)",
      language: "typescript",
      name: "convoscope",
    });
    assert.equal(metadata.language_info.name, "typescript");
    assert.equal(metadata.language_info.file_extension, ".ts");
  });

  it("has the kernel among those to change to", async () => {
    const { page } = await openNotebook(await sharedLab(), ["1"]);
    await page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-KernelName jp-button").click();
    const choice = page.locator(".jp-Dialog select");
    await choice.waitFor();
    assert.match(
      (await choice.locator("option").allTextContents()).join("\n"),
      /^TypeScript \(Convoscope\)$/m,
    );
    await page.locator(".jp-Dialog .jp-mod-reject").click();
  });
});
