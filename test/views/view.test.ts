import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import { displaySymbol, isDisplayable, metadataSymbol, type MimeData } from "../../src/jupyter/mimeBundle.ts";
import { createView } from "../../src/views/view.ts";

describe("createView", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  let draws = 0;
  const parts = {
    data: { numbers: Float32Array.of(0.5, 2) },
    text: "two numbers",
    alt: "numbers",
    png: () => {
      draws++;
      return Promise.resolve({ bytes, width: 10, height: 5 });
    },
  };
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "view-"))));
  after(() => rm(directory, { recursive: true }));

  it("draws when a PNG is wanted, and once", async () => {
    draws = 0;
    const view = createView(parts);
    assert.equal(draws, 0);
    await Promise.all([view.png(), view.bundle(), view.png()]);
    assert.equal(draws, 1);
  });

  it("shows itself in a notebook, with what is said about it out of the way", async () => {
    const view = createView(parts);
    assert.ok(isDisplayable(view));
    const shown = (await view[displaySymbol]()) as MimeData & { [metadataSymbol]?: unknown };
    assert.deepEqual(Object.keys(shown), ["image/png", "text/plain"]);
    assert.deepEqual(shown[metadataSymbol], {
      "image/png": { width: 10, height: 5, alt: "numbers" },
      alt: "numbers",
    });
    assert.equal(Object.getOwnPropertyDescriptor(shown, metadataSymbol)?.enumerable, false);
  });

  it("saves by the extension", async () => {
    const view = createView({ ...parts, svg: () => Promise.resolve("<svg/>"), html: "<table></table>" });
    for (const extension of ["png", "TXT", "json", "svg", "html"])
      await view.save(join(directory, `view.${extension}`));
    assert.deepEqual([...(await readFile(join(directory, "view.png")))], [1, 2, 3]);
    assert.equal(await readFile(join(directory, "view.TXT"), "utf8"), "two numbers\n");
    assert.deepEqual(JSON.parse(await readFile(join(directory, "view.json"), "utf8")), { numbers: [0.5, 2] });
    assert.equal(await readFile(join(directory, "view.svg"), "utf8"), "<svg/>");
    assert.match(await readFile(join(directory, "view.html"), "utf8"), /<title>numbers<\/title>\n<table>/);
  });

  it("writes a title with brackets as text", async () => {
    const view = createView({ ...parts, alt: "a <b> & c", html: "<table></table>" });
    await view.save(join(directory, "title.html"));
    const page = await readFile(join(directory, "title.html"), "utf8");
    assert.match(page, /<title>a &lt;b&gt; &amp; c<\/title>/);
  });

  it("names the extensions that it knows", async () => {
    const before = await readdir(directory);
    await assert.rejects(createView(parts).save(join(directory, "view.gif")), (error: Error) => {
      assert.ok(error instanceof InputError);
      return /^save: expected a file name ending in \.png, \.txt, \.json, found .*view\.gif$/.test(
        error.message,
      );
    });
    assert.deepEqual(await readdir(directory), before);
  });

  it("has no SVG where there is none", () => {
    assert.equal("svg" in createView(parts), false);
  });
});
