import assert from "node:assert/strict";

import { completeMagic, describeMagic } from "../../../../src/kernel/language/magics/completeMagic.ts";
import { magicAt } from "../../../../src/kernel/language/magics/magicAt.ts";
import { directoryWith } from "../checker/support.ts";

describe("completion in a magic", () => {
  const directory = directoryWith({ "cell.ts": "", "deep/one.ts": "", "deep/two.ts": "" });

  /** What is offered at the cursor, written as `|`, and what it replaces. */
  async function offered(code: string): Promise<[string[], string]> {
    const [text, offset] = [code.replace("|", ""), code.indexOf("|")];
    const place = magicAt(text, offset);
    assert.ok(place !== undefined && place.part !== "expression");
    const { start, end, matches } = await completeMagic(place, offset, directory);
    return [matches.map((match) => match.text), text.slice(start, end)];
  }

  it("offers the names of magics", async () => {
    assert.deepEqual(await offered("%ti|"), [["%time", "%timeit"], "%ti"]);
    assert.deepEqual(await offered("%w|ho"), [["%who"], "%w"]);
    assert.equal((await offered("%|"))[0].length, 7);
  });

  it("offers what %ts takes", async () => {
    assert.deepEqual(await offered("%ts |"), [["warn", "error", "off"], ""]);
    assert.deepEqual(await offered("%ts e|"), [["error"], "e"]);
  });

  it("offers files to %load and to commands", async () => {
    assert.deepEqual(await offered("%load |"), [["cell.ts", "deep/"], ""]);
    assert.deepEqual(await offered("%load ./de|"), [["deep/"], "de"]);
    assert.deepEqual(await offered("!cat deep/t| x"), [["two.ts"], "t"]);
    assert.deepEqual(await offered("%load nowhere/|"), [[], ""]);
  });

  it("offers nothing to who takes nothing", async () => {
    assert.deepEqual(await offered("%who |"), [[], ""]);
    assert.deepEqual(await offered("dog?|"), [[], ""]);
  });

  it("tells what a magic does", () => {
    assert.match(String(describeMagic("load")?.data["text/plain"]), /^%load FILE\n\nputs /);
    assert.equal(describeMagic("nope"), undefined);
    assert.equal(describeMagic("toString"), undefined);
  });
});
