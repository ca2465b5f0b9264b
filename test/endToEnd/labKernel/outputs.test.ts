import assert from "node:assert/strict";
import { needLab, sharedLab, viewport } from "../support/jupyterLab.ts";
import { changeTheme, openNotebook, type LabNotebook } from "../support/labNotebook.ts";

const chart = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  title: "epochs",
  data: { values: [1, 0.5, 0.3, 0.2].map((loss, epoch) => ({ epoch, loss })) },
  mark: "line",
  encoding: { x: { field: "epoch", type: "quantitative" }, y: { field: "loss", type: "quantitative" } },
};

/** A picture of 1 × 1 pixels. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

const cells = [
  'console.log("hello");\nconsole.error("careful");\n6 * 7',
  '[{ layer: "conv1", parameters: 320 }, { layer: "conv2", parameters: 9248 }]',
  JSON.stringify(chart, undefined, 1).replace(/^/, "(").replace(/$/, ")"),
  `Buffer.from("${png}", "base64")`,
  "const state = await display(html`<b>training</b>`);\nawait state.update(html`<b>trained</b>`);",
  "await state.update(html`<b>tested</b>`);\nmd`**${98} %** of the *pictures*, $x^2$`",
  "function reach(limit: number): never {\n  throw new RangeError(`beyond ${limit}`);\n}\nreach(3);",
  '"never runs"',
];

describe("A notebook in JupyterLab", function () {
  this.timeout(60_000);
  let notebook: LabNotebook;
  before(needLab);
  before(async () => {
    notebook = await openNotebook(await sharedLab(), cells);
    await notebook.choose("Run", "Run All Cells");
    await notebook.ran(6);
  });

  it("shows what is printed, and the value of the last line", async () => {
    assert.equal(await notebook.ran(0), "hello\ncareful\n42");
    assert.equal(await notebook.cell(0).locator(".jp-OutputArea-executeResult").innerText(), "[1]:\n42");
    const warning = notebook.cell(0).locator('[data-mime-type="application/vnd.jupyter.stderr"]');
    assert.equal((await warning.innerText()).trim(), "careful");
  });

  it("shows records as a table", async () => {
    const table = notebook.cell(1).locator("table");
    assert.match(
      (await table.locator("tr").allInnerTexts()).join("\n"),
      /layer\s+parameters[^]*conv2\s+9,?248/,
    );
  });

  it("draws a chart", async () => {
    const drawing = notebook.cell(2).locator(".vega-embed canvas, .vega-embed svg.marks").first();
    await drawing.waitFor();
    const size = await drawing.boundingBox();
    assert.ok(size !== null && size.width > 100 && size.height > 100, JSON.stringify(size));
  });

  it("shows bytes of a picture as that picture", async () => {
    const width = await notebook
      .cell(3)
      .locator(".jp-OutputArea-output img")
      .evaluate((image) => (image as HTMLImageElement).naturalWidth);
    assert.equal(width, 1);
  });

  it("replaces what a display shows, in its place, also from another cell", async () => {
    assert.equal(await notebook.ran(4), "tested");
    assert.equal(await notebook.cell(4).locator(".jp-OutputArea-output b").count(), 1);
  });

  it("shows Markdown", async () => {
    const output = notebook.cell(5).locator(".jp-RenderedMarkdown");
    assert.equal(await output.locator("strong").innerText(), "98 %");
    await output.locator("mjx-container").waitFor();
  });

  it("shows an error with its place in the cell, and the line there", async () => {
    const text = await notebook.ran(6);
    assert.match(text, /^RangeError: beyond 3\n/);
    assert.match(text, /Cell \[7\]:2:9/);
    assert.match(text, /> 2 \| {3}throw new RangeError/);
    assert.match(text, /Cell \[7\]:4:1/);
    assert.doesNotMatch(text, /node:internal|dist\/kernel|evalmachine/);
  });

  it("does not run what stands behind the error, nor shows it as run", async () => {
    assert.equal(await notebook.prompt(7), "[ ]:");
    assert.equal(await notebook.cell(7).locator(".jp-OutputArea-output").count(), 0);
  });

  it("can be looked at in the light and in the dark theme", async () => {
    const { page } = notebook;
    await page.setViewportSize({ width: 1300, height: 2000 });
    await notebook.picture("outputs-light");
    await changeTheme(page, "JupyterLab Dark");
    await notebook.picture("outputs-dark");
    await changeTheme(page, "JupyterLab Light");
    await page.setViewportSize(viewport);
  });
});
