import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdownToHtml } from "../../../src/notebook/html/markdownToHtml.ts";

describe("markdownToHtml", () => {
  const contains = (what: string, text: string, html: string): Mocha.Test =>
    it(what, async () => {
      const page = await markdownToHtml(text);
      assert.ok(page.includes(html), page);
    });

  contains("understands GitHub's tables", "| a |\n|--:|\n| 1 |", '<td align="right">1</td>');
  contains("keeps HTML", "a <kbd>Shift</kbd>", "<kbd>Shift</kbd>");
  contains(
    "gives headings names as Jupyter does",
    "## The *first* step",
    '<h2 id="The-first-step">The <em>first</em> step</h2>',
  );
  contains("gives headings of the same words different names", "# A\n# A", 'id="A-2"');
  contains(
    "colours code in its language",
    "```ts\nconst a = 1\n```",
    '<span class="hljs-keyword">const</span>',
  );
  contains("leaves code in unknown languages as it is", "```foo\n<a>\n```", "<code>&lt;a&gt;</code>");
  contains("does not touch formulas", "$a_1 * b_2 * c$", '<span class="formula">a_1 * b_2 * c</span>');
  contains(
    "does not touch formulas in a block of their own",
    "$$\n\\sum_i x_i\n$$",
    '<div class="formula">\\sum_i x_i</div>',
  );
  contains("does not take prices for formulas", "from $5 to $10", "from $5 to $10");

  it("leaves out scripts and handlers", async () => {
    const html = await markdownToHtml(
      '<script>a</script><b onclick="x()">b</b> <a href="javascript:x()">c</a><iframe src="x"></iframe><img src=x onerror=alert(1)>',
    );
    assert.doesNotMatch(html, /script|onclick|onerror|iframe/i);
    assert.match(html, /<b>b<\/b>/);
  });

  describe("with pictures", () => {
    const directory = mkdtempSync(join(tmpdir(), "convoscope-"));
    before(() => writeFileSync(join(directory, "a b.png"), Buffer.from("picture")));
    after(() => rmSync(directory, { recursive: true }));
    const embedded = `src="data:image/png;base64,${Buffer.from("picture").toString("base64")}"`;

    it("embeds those beside the notebook", async () => {
      assert.match(await markdownToHtml("![](a%20b.png)", { directory }), new RegExp(embedded));
      assert.match(
        await markdownToHtml('<img width="3" src="a b.png">', { directory }),
        new RegExp(`<img width="3" ${embedded}>`),
      );
    });

    it("embeds attachments", async () => {
      const html = await markdownToHtml("![x](attachment:p.png)", {
        attachments: { "p.png": { "image/png": "iVBO" } },
      });
      assert.match(html, /<img src="data:image\/png;base64,iVBO" alt="x">/);
    });

    for (const address of ["https://example.org/a.png", "missing.png", "/etc/passwd"]) {
      it(`describes ${address} instead, since nothing is fetched`, async () => {
        const html = await markdownToHtml(`![what it shows](${address})`, { directory });
        assert.doesNotMatch(html, /<img/);
        assert.match(html, /what it shows: /);
      });
    }
  });
});
