import assert from "node:assert/strict";

import { matchesGlob } from "../../../../src/kernel/core/history/glob.ts";

describe("matchesGlob", () => {
  const cases: [text: string, pattern: string, matches: boolean][] = [
    ["const a = 1", "const*", true],
    ["const a = 1", "*a*", true],
    ["const a = 1", "a", false],
    ["", "", true],
    ["", "*", true],
    ["a", "", false],
    ["two\nlines", "*lines", true],
    ["😀", "?", true],
    ["ab", "?", false],
    ["x1", "x[0-9]", true],
    ["xa", "x[0-9]", false],
    ["xa", "x[^0-9]", true],
    ["x]", "x[]]", true],
    ["x-", "x[a-]", true],
    ["x[", "x[", true],
    ["f(x)", "f(x)", true],
    ["a.c", "a.c", true],
    ["abc", "a.c", false],
    ["aXbXc", "a*b*c", true],
    ["aXbXd", "a*b*c", false],
    ["A", "a", false],
  ];
  for (const [text, pattern, matches] of cases) {
    it(`${JSON.stringify(text)} ${matches ? "matches" : "does not match"} ${JSON.stringify(pattern)}`, () =>
      assert.equal(matchesGlob(text, pattern), matches));
  }

  it("ends also for patterns that make regular expressions run away", () => {
    assert.equal(matchesGlob("a".repeat(2000), `${"*a".repeat(200)}b`), false);
  });
});
