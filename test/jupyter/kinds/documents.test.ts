import assert from "node:assert/strict";

import { dataOf } from "../support.ts";

describe("what gives HTML", () => {
  it("is shown by its method toHTML, awaited", async () => {
    const table = { toHTML: () => Promise.resolve("<table></table>") };
    assert.equal((await dataOf(table))["text/html"], "<table></table>");
  });

  it("is an element of a document, or a picture in one", async () => {
    assert.deepEqual(await dataOf({ outerHTML: "<p>x</p>" }), {
      "text/html": "<p>x</p>",
      "text/plain": "<p>x</p>",
    });
    assert.ok("image/svg+xml" in (await dataOf({ outerHTML: '<svg width="1"></svg>' })));
  });

  it("is a data frame that gives its rows", async () => {
    const rows = Array.from({ length: 500 }, (_, id) => ({ id }));
    const frame = {
      height: rows.length,
      head: (count: number) => ({ head: frame.head, toRecords: () => rows.slice(0, count) }),
      toRecords: () => rows,
    };
    const html = String((await dataOf(frame))["text/html"]);
    assert.match(html, /500 rows × 1 column, 60 rows shown/);
    assert.equal(html.match(/<tr/g)?.length, 61);
  });
});
