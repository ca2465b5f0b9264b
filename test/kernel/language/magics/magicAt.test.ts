import assert from "node:assert/strict";

import { magicAt, type MagicPlace } from "../../../../src/kernel/language/magics/magicAt.ts";

/** Where the cursor, written as `|`, is. */
const at = (code: string): MagicPlace | undefined => magicAt(code.replace("|", ""), code.indexOf("|"));

describe("the cursor in a magic", () => {
  const cases: [title: string, code: string, place: MagicPlace][] = [
    ["is in a name, finished or not", "%ti|", { part: "name", name: "ti", start: 0 }],
    ["is in a name that is none yet", "let a = 1\n  %|", { part: "name", name: "", start: 12 }],
    ["is in an argument", "%ts er|", { part: "argument", name: "ts", start: 4, typed: "er" }],
    ["is before an argument", "%load |", { part: "argument", name: "load", start: 6, typed: "" }],
    ["is in a word of a command", "!cat a/b| c", { part: "argument", name: "!", start: 5, typed: "a/b" }],
    ["is in an expression that is measured", "%time dog.|", { part: "expression", code: ";     dog." }],
    ["is in a finished one", "%timeit do|g\n1", { part: "expression", code: ";       dog\n1" }],
    ["is in a name that is asked for", "dog.ba|?", { part: "expression", code: "dog.ba;" }],
    ["is in one behind the mark", "1\n??do|", { part: "expression", code: "1\n; do" }],
    ["is behind a name that is asked for", "dog?|", { part: "argument", name: "?", start: 4, typed: "" }],
  ];
  for (const [title, code, place] of cases) it(title, () => assert.deepEqual(at(code), place));

  for (const code of [
    "a *\n  %ti|",
    "`\n%ti|`",
    "!f|()",
    "a ?|\n1 : 2",
    "%who\ndog.|",
    "|%who",
    "dog.|\n%who",
  ])
    it(`is in TypeScript: ${JSON.stringify(code)}`, () => assert.equal(at(code), undefined));
});
