import assert from "node:assert/strict";

import fc from "fast-check";

import { toCodePoints, toUtf16 } from "../../../src/kernel/core/cursor.ts";

describe("cursor", () => {
  const code = "a😀b𝒳c";
  const cases: [what: string, cursor: unknown, offset: number][] = [
    ["at the beginning", 0, 0],
    ["before an astral character", 1, 1],
    ["behind an astral character", 2, 3],
    ["in the middle of the text", 3, 4],
    ["behind two astral characters", 4, 6],
    ["at the end", 5, 7],
    ["beyond the end", 99, 7],
    ["before the beginning", -1, 0],
    ["absent", undefined, 7],
    ["null", null, 7],
    ["text", "3", 7],
    ["not finite", Infinity, 7],
    ["a fraction", 2.7, 3],
  ];
  for (const [what, cursor, offset] of cases) {
    it(`finds the offset of a cursor that is ${what}`, () => assert.equal(toUtf16(code, cursor), offset));
  }

  it("counts the code points before an offset, at most those of the text", () => {
    assert.deepEqual(
      [0, 1, 3, 4, 6, 7, 99].map((offset) => toCodePoints(code, offset)),
      [0, 1, 2, 3, 4, 5, 5],
    );
  });

  it("counts half of a pair as a character, as Python does", () => {
    assert.equal(toUtf16("\ud83d!", 1), 1);
    assert.equal(toCodePoints("\ud83d!", 2), 2);
  });

  it("comes back from every text and every cursor within it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(), (text, anywhere) => {
        const cursor = anywhere % ([...text].length + 1);
        assert.equal(toCodePoints(text, toUtf16(text, cursor)), cursor);
      }),
    );
  });
});
