import assert from "node:assert/strict";
import { inspect } from "node:util";

import { displaySymbol } from "../../src/jupyter/mimeBundle.ts";
// Under other names, because Prettier would write the templates anew.
import { html as page, md as text, svg as picture } from "../../src/jupyter/template.ts";
import { dataOf } from "./support.ts";

describe("html", () => {
  const shown = async (markup: unknown): Promise<unknown> => (await dataOf(markup))["text/html"];

  it("shows itself, with its source as the text", async () => {
    assert.deepEqual(await dataOf(page`<b>${1 + 1}</b>`), {
      "text/html": "<b>2</b>",
      "text/plain": "<b>2</b>",
    });
  });

  it("escapes what is filled in", async () => {
    const name = `<script>"a" & b</script>`;
    assert.equal(
      await shown(page`<p title="${name}">`),
      '<p title="&lt;script&gt;&quot;a&quot; &amp; b&lt;/script&gt;">',
    );
  });

  it("keeps markup, joins lists, and leaves out what is nothing", async () => {
    const items = ["a<", "b"].map((item) => page`<li>${item}</li>`);
    assert.equal(
      await shown(page`<ul>${items}</ul>${undefined}${null}${false}${0}`),
      "<ul><li>a&lt;</li><li>b</li></ul>0",
    );
  });

  it("takes a string as markup", async () => {
    assert.equal(await shown(page("<i>x</i>")), "<i>x</i>");
    assert.equal(await shown(page`<p>${page("<i>x</i>")}</p>`), "<p><i>x</i></p>");
  });

  it("shows the pictures and tables that are filled in", async () => {
    const dot = { [displaySymbol]: () => Promise.resolve({ "image/png": "AAAA", "text/plain": 'a "dot"' }) };
    const table = { [displaySymbol]: () => ({ "text/html": "<table></table>" }) };
    const words = { [displaySymbol]: () => ({ "text/plain": "1 < 2" }) };
    assert.equal(
      await shown(page`${[dot, table]}${words}`),
      '<img src="data:image/png;base64,AAAA" alt="a &quot;dot&quot;"><table></table><pre>1 &lt; 2</pre>',
    );
  });

  it("fills in objects as they are printed", async () => {
    assert.equal(
      await shown(page`${{ a: 1 }} ${new Date(NaN)} ${Object.create(null)}`),
      "{ a: 1 } Invalid Date [Object: null prototype] {}",
    );
  });

  it("keeps the markup of another copy of this package", async () => {
    const copy = "../../src/jupyter/template.ts?copy";
    const { html: other } = (await import(copy)) as { html: typeof page };
    assert.equal(await shown(page`<p>${other`<i></i>`}</p>`), "<p><i></i></p>");
    assert.equal(String(page`<p>${other`<i></i>`}</p>`), "<p><i></i></p>");
  });

  it("lets the error of a picture through", async () => {
    const broken = { [displaySymbol]: () => Promise.reject(new Error("no ink")) };
    await assert.rejects(dataOf(page`<p>${broken}</p>`), /no ink/);
  });

  it("is its source as a string and in console.log", () => {
    assert.equal(String(page`<b>${"<"}${page`<i></i>`}</b>`), "<b>&lt;<i></i></b>");
    assert.equal(inspect(page`<b></b>`), "<b></b>");
  });
});

describe("svg", () => {
  it("is a picture", async () => {
    assert.deepEqual(await dataOf(picture`<svg>${picture`<circle r="${4}"/>`}</svg>`), {
      "image/svg+xml": '<svg><circle r="4"/></svg>',
      "text/plain": "SVG, 26 characters",
    });
  });

  it("can stand in HTML", async () => {
    assert.equal((await dataOf(page`<p>${picture`<svg/>`}</p>`))["text/html"], "<p><svg/></p>");
  });
});

describe("md", () => {
  it("takes text as the Markdown that it is", async () => {
    const source = "**bold** & <b>";
    assert.deepEqual(await dataOf(text`# ${source}`), {
      "text/markdown": "# **bold** & <b>",
      "text/plain": "# **bold** & <b>",
    });
  });
});
