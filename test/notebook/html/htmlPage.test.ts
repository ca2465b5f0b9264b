import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { htmlPage } from "../../../src/notebook/html/htmlPage.ts";
import type { Cell, Notebook } from "../../../src/notebook/nbformat.ts";
import { launchBrowser } from "../../support/browser.ts";
import { needChromium } from "../../support/needs.ts";
import { code, notebookOf } from "../support/notebooks.ts";

const markdown = (source: string): Cell => ({ id: "m", cell_type: "markdown", source, metadata: {} });
const display = (data: Record<string, unknown>): Cell => ({
  ...code("show()"),
  id: "d",
  execution_count: 3,
  outputs: [{ output_type: "display_data", data, metadata: {} }],
});

/** HTML that wants to run scripts and to fetch things from an address. */
const tempting = (address: string): string => `
<script>window.ran = 1</script><img src='${address}/a.png' onerror='window.ran = 2'>
<svg onload='window.ran = 3'></svg><link rel=stylesheet href='${address}/a.css'>
<style>@import url(${address}/b.css); b { background: url(${address}/c.png) }</style><b>b</b>
<scr<script></script>ipt>window.ran = 4</script><iframe srcdoc='<script>parent.ran = 5</script>'></iframe>`;

describe("htmlPage", () => {
  it("is called by its first heading, else by its title", async () => {
    assert.match(
      await htmlPage({ metadata: {}, cells: [markdown("text\n# The *first* & last")] }),
      /<title>The first &amp; last<\/title>/,
    );
    const page = await htmlPage(notebookOf(["1"]), { title: "a <b>" });
    assert.match(page, /<title>a &lt;b&gt;<\/title>[\s\S]*<h1>a &lt;b&gt;<\/h1>/);
  });

  it("shows the number of a cell, and its time where that is worth a word", async () => {
    const timed = (seconds: string): Cell => ({
      ...code("1", {
        execution: {
          "iopub.execute_input": "2026-01-01T00:00:00.000Z",
          "shell.execute_reply": `2026-01-01T00:01:${seconds}Z`,
        },
      }),
      execution_count: 3,
    });
    const page = await htmlPage({ metadata: {}, cells: [timed("15.000")] });
    assert.match(page, /<span class="prompt">\[3\]<\/span><span class="time">1 min 15 s<\/span>/);
    assert.match(
      page,
      /1 cell ran for 1 min 15 s on <time datetime="2026-01-01T00:00:00.000Z">1 January 2026<\/time>/,
    );
    assert.doesNotMatch(await htmlPage(notebookOf(["1"])), /class="time"/);
  });

  it("colours code in the notebook's language", async () => {
    const python: Notebook["metadata"] = { language_info: { name: "python" } };
    assert.match(
      await htmlPage(notebookOf(["lambda x: 1"], python)),
      /<span class="hljs-keyword">lambda<\/span>/,
    );
    assert.match(
      await htmlPage(notebookOf(["interface A {}"])),
      /<span class="hljs-keyword">interface<\/span>/,
    );
  });

  it("folds what the notebook has folded", async () => {
    const page = await htmlPage(notebookOf([code("secret", { jupyter: { source_hidden: true } })]));
    assert.match(page, /<details><summary>code<\/summary>/);
  });

  describe("in a browser", function () {
    this.timeout(60_000);
    const directory = mkdtempSync(join(tmpdir(), "convoscope-page-"));
    let browser: Browser;
    let page: Page;
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? "");
      response.end();
    });
    const png =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    before(async function () {
      const chromium = needChromium.call(this);
      await once(server.listen(0, "127.0.0.1"), "listening");
      const evil = tempting(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const cells = [
        markdown(`# Title\n\n${evil}`),
        display({ "text/html": evil }),
        display({ "image/png": png }),
        code(`x = ${"1 + ".repeat(200)}`),
      ];
      const file = join(directory, "page.html");
      writeFileSync(file, await htmlPage({ metadata: {}, cells }));
      browser = await launchBrowser(chromium);
      page = await browser.newPage({ viewport: { width: 380, height: 800 } });
      await page.goto(pathToFileURL(file).href);
    });
    after(async () => {
      await browser?.close();
      server.close();
      rmSync(directory, { recursive: true });
    });

    it("runs nothing, whatever the notebook contains", async () => {
      assert.equal(await page.evaluate(() => (window as unknown as { ran?: number }).ran), undefined);
    });

    it("fetches nothing", () => {
      assert.deepEqual(requests, []);
    });

    it("shows the pictures that it carries", async () => {
      const widths = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLImageElement>(".picture img")].map((image) => image.naturalWidth),
      );
      assert.deepEqual(widths, [1]);
    });

    it("fits a narrow window: code scrolls, the page does not", async () => {
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 380);
    });

    it("follows the reader's choice of light or dark", async () => {
      const paper = async (colorScheme: "light" | "dark"): Promise<string> => {
        await page.emulateMedia({ colorScheme });
        return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      };
      assert.equal(await paper("light"), "rgb(255, 255, 255)");
      assert.equal(await paper("dark"), "rgb(21, 24, 28)");
      assert.equal(
        await page.evaluate(() => getComputedStyle(document.querySelector(".picture img")!).backgroundColor),
        "rgb(255, 255, 255)",
      );
    });
  });
});
