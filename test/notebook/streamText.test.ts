import assert from "node:assert/strict";
import { StreamText } from "../../src/notebook/streamText.ts";

function shown(...pieces: string[]): string {
  const stream = new StreamText();
  for (const piece of pieces) stream.append(piece);
  return stream.text;
}

describe("StreamText", () => {
  const cases: [what: string, pieces: string[], text: string][] = [
    ["leaves plain text as it is", ["a\nb", "c\n"], "a\nbc\n"],
    ["shows a line that was written over as it stands in the end", ["1/3\r2/3\r3/3\n"], "3/3\n"],
    [
      "knows a carriage return that came at the end of an earlier piece",
      ["1/3\r", "2/3\r", "3/3\n"],
      "3/3\n",
    ],
    ["keeps what a shorter line does not cover", ["abcdef\rxy"], "xycdef"],
    ["erases to the end of the line", ["abcdef\rxy\x1b[K"], "xy"],
    ["takes \\r\\n for the end of a line", ["a\r\nb\r\n"], "a\nb\n"],
    ["takes \\r\\n for one also in two pieces", ["a\r", "\nb"], "a\nb"],
    ["moves back by a backspace", ["abc\b\bX"], "aXc"],
    ["does not move back beyond the start of the line", ["a\n\b\bb"], "a\nb"],
    ["lets a return at the very end erase nothing", ["50 %\r"], "50 %"],
    [
      "counts a colour as no character, and keeps those of characters that stay",
      ["\x1b[31mabc\x1b[0m\rX"],
      "X\x1b[31mbc\x1b[0m",
    ],
    [
      "keeps the codes of lines that nothing writes over as they came",
      ["\x1b[1", "m\x1b[31ma\nb\x1b[0m"],
      "\x1b[1m\x1b[31ma\nb\x1b[0m",
    ],
    ["counts a character beyond the first plane as one", ["🙂b\rX"], "Xb"],
    ["does not touch earlier lines", ["a\nb\rc"], "a\nc"],
  ];
  for (const [what, pieces, text] of cases) it(what, () => assert.equal(shown(...pieces), text));

  it("gives the same text in whatever pieces it comes", () => {
    const text = "epoch 1\r\x1b[32mepoch 2\x1b[0m\r\nok\b\bno\n\rlast";
    assert.equal(shown(...text), shown(text));
  });

  it("takes two hundred thousand pieces", () => {
    const stream = new StreamText();
    for (let i = 0; i < 1e5; i++) stream.append(`\r${i} of 100000`);
    for (let i = 0; i < 1e5; i++) stream.append("x\n");
    assert.equal(stream.text.length, "99999 of 100000x\n".length + 2 * (1e5 - 1));
  });
});
