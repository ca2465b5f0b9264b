import assert from "node:assert/strict";

import { CellRegistry, type Cell } from "../../../src/kernel/language/cellRegistry.ts";

describe("the cells of a session", () => {
  const cell = (name: string): Cell => ({
    name,
    source: name,
    map: () => undefined as never,
    originalOf: (text) => (text === name ? `written in ${name}` : undefined),
  });

  it("are found by their file and by their name, the latest of a name first", () => {
    const cells = new CellRegistry();
    cells.add("1.ts", cell("Cell [1]"));
    cells.add("2.ts", { ...cell("Cell [1]"), source: "again" });
    assert.equal(cells.get("1.ts")?.source, "Cell [1]");
    assert.equal(cells.named("Cell [1]")?.source, "again");
    assert.equal(cells.named("Cell [2]"), undefined);
  });

  it("say what was written of a function, whichever of them has it", () => {
    const cells = new CellRegistry();
    for (const n of [1, 2]) cells.add(`${n}.ts`, cell(`Cell [${n}]`));
    assert.equal(cells.originalOf("Cell [1]"), "written in Cell [1]");
    assert.equal(cells.originalOf("Cell [3]"), undefined);
  });

  it("are forgotten when there are too many, the oldest first", () => {
    const cells = new CellRegistry(2);
    for (const n of [1, 2, 3]) cells.add(`${n}.ts`, cell(`Cell [${n}]`));
    assert.deepEqual(
      [1, 2, 3].map((n) => cells.get(`${n}.ts`)?.name),
      [undefined, "Cell [2]", "Cell [3]"],
    );
  });
});
