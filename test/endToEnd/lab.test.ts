import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { freePorts } from "../../src/notebook/freePorts.ts";
import { launchBrowser } from "../support/browser.ts";
import { needChromium, needPython } from "../support/needs.ts";
import { program, root } from "../support/paths.ts";
import type { KernelState } from "./support/jupyterLab.ts";
import { answers, eventually, stop } from "./support/servers.ts";

const token = "convoscope-test";
const name = "03-shapes.ipynb";

/** Waits until the page's kernel has started: JupyterLab drops what is run before that. */
async function kernelIsConnected(url: string): Promise<void> {
  await eventually(async () => {
    const kernels = (await (await fetch(url)).json()) as KernelState[];
    return kernels.some((kernel) => kernel.execution_state === "idle" && kernel.connections > 0);
  });
}

/** A copy of the lesson that trains for one epoch, in a directory that knows nothing of this package. */
function lesson(directory: string): void {
  mkdirSync(join(directory, "notebooks"), { recursive: true });
  const text = readFileSync(join(root, "notebooks", name), "utf8");
  const short = text.replace(/const epochs = \d+;/, "const epochs = 1;");
  assert.notEqual(short, text, "the lesson names its epochs");
  writeFileSync(join(directory, "notebooks", name), short);
}

describe("convoscope lab, in a real browser", function () {
  this.timeout(300_000);
  const directory = mkdtempSync(join(tmpdir(), "convoscope-lab-"));
  let lab: ChildProcess | undefined;
  let browser: Browser | undefined;
  let page: Page;

  before(async function () {
    const chromium = needChromium.call(this);
    needPython.call(this);
    lesson(directory);
    const [port = 0] = await freePorts(1);
    const flags = ["--no-browser", `--port=${port}`, `--IdentityProvider.token=${token}`];
    lab = spawn(process.execPath, [program, "lab", ...flags], { cwd: directory, stdio: "ignore" });
    await answers(`http://127.0.0.1:${port}/api?token=${token}`, lab);
    browser = await launchBrowser(chromium);
    page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await page.goto(`http://127.0.0.1:${port}/lab/tree/${name}?token=${token}`);
    await page.waitForSelector(".jp-NotebookPanel .jp-Cell", { timeout: 60_000 });
    await kernelIsConnected(`http://127.0.0.1:${port}/api/kernels?token=${token}`);
  });

  after(async () => {
    await browser?.close();
    if (lab) await stop(lab);
    rmSync(directory, { recursive: true, force: true });
  });

  it("offers the kernel by its name", async () => {
    const kernel = page.locator(".jp-NotebookPanel .jp-KernelName");
    await kernel.filter({ hasText: "TypeScript (Convoscope)" }).waitFor({ timeout: 60_000 });
  });

  it("runs the lesson cell by cell: the training, its curves, every layer's grid, and no error", async () => {
    await page.locator('.lm-MenuBar-itemLabel:text-is("Run")').click();
    await page.locator('.lm-Menu-itemLabel:text-is("Run All Cells")').click();
    await page.waitForFunction(
      () => {
        const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map(
          (e) => e.textContent,
        );
        return prompts.length > 0 && prompts.every((prompt) => /\[\d+\]/.test(prompt));
      },
      undefined,
      { timeout: 240_000, polling: 500 },
    );
    const seen = await page.evaluate(() => ({
      pictures: document.querySelectorAll(".jp-OutputArea-output img, .jp-OutputArea-output canvas").length,
      tables: document.querySelectorAll(".jp-OutputArea-output table").length,
      errors: [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.error"]')].map(
        (e) => e.textContent,
      ),
    }));
    assert.deepEqual(seen.errors, []);
    assert.ok(seen.pictures >= 4, `${seen.pictures} pictures: sheets, curves, one channel, all layers`);
    assert.ok(seen.tables >= 1, "the summary is a table");
  });

  it("keeps what the notebook's cells wrote beside it", () => {
    const signature = readFileSync(join(directory, "notebooks/best.weights.h5")).subarray(1, 4);
    assert.equal(signature.toString(), "HDF");
  });
});
