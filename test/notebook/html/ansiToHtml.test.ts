import assert from "node:assert/strict";
import { ansiToHtml } from "../../../src/notebook/html/ansiToHtml.ts";

describe("ansiToHtml", () => {
  const cases: [what: string, text: string, html: string][] = [
    ["escapes what HTML would understand", "<a & 'b'>", "&lt;a &amp; &#39;b&#39;&gt;"],
    [
      "names the sixteen colours by classes",
      "\x1b[31mred\x1b[0m plain",
      '<span class="ansi-red">red</span> plain',
    ],
    ["knows the bright ones", "\x1b[92mx\x1b[39m", '<span class="ansi-bright-green">x</span>'],
    ["knows backgrounds", "\x1b[41;104mx", '<span class="ansi-bg-bright-blue">x</span>'],
    [
      "joins attributes and takes them away again",
      "\x1b[1;31ma\x1b[22mb\x1b[mc",
      '<span class="ansi-red ansi-bold">a</span><span class="ansi-red">b</span>c',
    ],
    ["writes out colours of the 256", "\x1b[38;5;208mx", '<span style="color:rgb(255,135,0)">x</span>'],
    [
      "takes the first sixteen of those by their names",
      "\x1b[38;5;9mx",
      '<span class="ansi-bright-red">x</span>',
    ],
    ["knows the greys", "\x1b[48;5;244mx", '<span style="background:rgb(128,128,128)">x</span>'],
    [
      "writes out colours by red, green and blue",
      "\x1b[38;2;1;2;3mx\x1b[0;1my",
      '<span style="color:rgb(1,2,3)">x</span><span class="ansi-bold">y</span>',
    ],
    [
      "leaves out what moves a cursor, titles, links and bells",
      "a\x1b[2Kb\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d\x07e",
      "abcde",
    ],
    ["keeps tabs and newlines", "a\tb\nc", "a\tb\nc"],
  ];
  for (const [what, text, html] of cases) it(what, () => assert.equal(ansiToHtml(text), html));
});
