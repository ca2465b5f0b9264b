import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";

import { htmlTable } from "../../../src/htmlTable.ts";
import { launchBrowser } from "../../support/browser.ts";
import { needChromium } from "../../support/needs.ts";
import { dataOf } from "../support.ts";

const htmlOf = async (value: unknown): Promise<string> => String((await dataOf(value))["text/html"]);

const dogs = [
  { name: "Rex", age: 3, tags: ["good", "old"], born: new Date(0), weight: 12.5 },
  { name: "<script>alert(1)</script>", age: 11, tags: [], weight: null },
];

describe("arrays of records", () => {
  it("are tables beside their text, with the number of rows and columns", async () => {
    const data = await dataOf(dogs);
    assert.match(String(data["text/plain"]), /^\[\n {2}\{\n {4}name: 'Rex'/);
    assert.match(String(data["text/html"]), /2 rows × 5 columns</);
  });

  it("escape what they contain", async () => {
    const html = await htmlOf([{ "<b>": "<script>alert('x')</script>" }]);
    assert.doesNotMatch(html, /<script|<b>/);
    assert.match(html, /&lt;script&gt;/);
  });

  it("align numbers to the right and texts to the left", async () => {
    const html = await htmlOf(dogs);
    assert.match(html, /text-align:right[^>]*>weight</);
    assert.match(html, /text-align:left[^>]*>name</);
  });

  it("show nested values short, missing ones as nothing, and run no getter", async () => {
    const nested = { list: Array.from({ length: 100 }, (_, i) => i), long: "x".repeat(500) };
    const html = await htmlOf([
      { nested },
      {
        get nested(): number {
          throw new Error("no");
        },
      },
      { other: 1 },
    ]);
    assert.match(html, /list: \[ 0, 1, 2, 3, 4, 5, \.\.\. 94 more items \]/);
    assert.match(html, />\[Getter\]</);
    assert.match(html, /<td[^>]*><\/td>/);
    assert.ok(html.length < 2500, `${html.length} characters`);
  });

  it("show both ends of many rows, and some of many columns", async () => {
    const html = await htmlOf(Array.from({ length: 1234 }, (_, id) => ({ id, double: 2 * id })));
    assert.match(html, /1,234 rows × 2 columns, 60 rows shown/);
    assert.equal(html.match(/<tr/g)?.length, 62);
    assert.match(html, />1233<\/td><td[^>]*>1233<\/td><td[^>]*>2466</);
    assert.doesNotMatch(html, />600</);
    const wide = await htmlOf([Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`c${i}`, i]))]);
    assert.match(wide, /1 row × 99 columns/);
    assert.equal(wide.match(/<th /g)?.length, 32);
  });

  it("are no tables when they are instances, numbers, lists or empty", async () => {
    class Dog {
      readonly name = "Rex";
    }
    for (const value of [[new Dog()], [1, 2], [[1]], [], [{}], [{ a: 1 }, 2], [null]])
      assert.deepEqual(Object.keys(await dataOf(value)), ["text/plain"]);
  });
});

describe("tables in a browser", function () {
  this.timeout(60_000);
  let browser: Browser;
  let page: Page;

  before(async function () {
    const chromium = needChromium.call(this);
    browser = await launchBrowser(chromium);
    page = await browser.newPage({ viewport: { width: 900, height: 420 } });
  });
  after(() => browser?.close());

  for (const [theme, color, background] of [
    ["light", "rgb(20, 20, 20)", "rgb(255, 255, 255)"],
    ["dark", "rgb(220, 220, 220)", "rgb(17, 17, 17)"],
  ] as const) {
    it(`take the colours of a ${theme} page, and run nothing`, async () => {
      const rows = Array.from({ length: 70 }, (_, id) => ({ id, square: id * id, of: { id } }));
      const tables = [await htmlOf(dogs), await htmlOf(rows.slice(0, 3)), await htmlOf(rows)];
      await page.setContent(
        `<body style="color:${color};background:${background}">${tables.join("")}</body>`,
      );
      const colors = await page.$$eval("td, th, caption", (cells) => [
        ...new Set(cells.map((cell) => getComputedStyle(cell).color)),
      ]);
      assert.deepEqual(colors, [color]);
      assert.equal(await page.locator("script").count(), 0);
      assert.ok(await page.getByText("<script>alert(1)</script>").isVisible());
    });
  }

  it("are those of the library's summary, too", () => {
    assert.match(htmlTable([{ header: "a<b" }], [["c&d"]], "e"), /a&lt;b.*c&amp;d/s);
  });
});
