import assert from "node:assert/strict";
import { outputToHtml } from "../../../src/notebook/html/outputToHtml.ts";

const shown = (data: Record<string, unknown>, metadata: Record<string, unknown> = {}): Promise<string> =>
  outputToHtml({ output_type: "display_data", data, metadata });

describe("outputToHtml", () => {
  // From poor to rich: with each further one, the last one is shown.
  const order: [mime: string, mark: RegExp][] = [
    ["text/plain", />X</],
    ["image/webp", /data:image\/webp;base64,X"/],
    ["image/jpeg", /data:image\/jpeg;base64,X"/],
    ["image/png", /data:image\/png;base64,X"/],
    ["text/latex", /formula">X/],
    ["image/svg+xml", /data:image\/svg\+xml;base64,WA=="/],
    ["text/markdown", /<p>X<\/p>/],
    ["text/html", /html">X</],
  ];
  for (const [index, [mime, mark]] of order.entries()) {
    it(`prefers ${mime} to all that is poorer`, async () => {
      const data = Object.fromEntries(order.slice(0, index + 1).map(([type]) => [type, "X"]));
      assert.match(await shown(data), mark);
    });
  }

  it("shows the picture of a chart or widget whose own representation needs scripts", async () => {
    const data = {
      "application/vnd.vegalite.v5+json": {},
      "application/vnd.jupyter.widget-view+json": {},
      "application/javascript": "x",
      "image/png": "X",
    };
    assert.match(await shown(data), /<img/);
  });

  it("gives pictures their size and their description", async () => {
    const html = await shown(
      { "image/png": "iVBO\n", "text/plain": "plain" },
      { "image/png": { width: 300, alt: 'a "net"' } },
    );
    assert.match(html, /<img src="data:image\/png;base64,iVBO" alt="a &quot;net&quot;" width="300">/);
  });

  it("describes a picture by its text if it says nothing better", async () => {
    assert.match(await shown({ "image/png": "X", "text/plain": "12 grids" }), /alt="12 grids"/);
  });

  it("puts a picture that is drawn for a dark ground on one", async () => {
    assert.match(await shown({ "image/png": "X" }, { needs_background: "dark" }), /picture on-dark/);
  });

  it("tells stderr and errors from the rest, in their colours", async () => {
    assert.equal(
      await outputToHtml({ output_type: "stream", name: "stderr", text: "\x1b[33mcareful" }),
      '<pre class="output stderr"><span class="ansi-yellow">careful</span></pre>',
    );
    const error = await outputToHtml({
      output_type: "error",
      ename: "E",
      evalue: "v",
      traceback: ["\x1b[31mE\x1b[0m: v", "  at"],
    });
    assert.match(error, /class="output error".*<span class="ansi-red">E<\/span>: v\n {2}at/);
    assert.match(
      await outputToHtml({ output_type: "error", ename: "E", evalue: "v", traceback: [] }),
      /E: v/,
    );
  });

  it("shows JSON that came alone", async () => {
    assert.match(await shown({ "application/json": { a: [1] } }), /hljs-attr/);
  });
});
