import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stableNode } from "../../src/cli/stableNode.ts";

describe("stableNode", () => {
  const directory = mkdtempSync(join(tmpdir(), "convoscope-"));
  const versioned = join(directory, "v20.20.2/node");
  const link = join(directory, "bin/node");
  before(() => {
    for (const name of ["v20.20.2", "bin", "other"]) mkdirSync(join(directory, name));
    writeFileSync(versioned, "");
    writeFileSync(join(directory, "other/node"), "");
    symlinkSync(versioned, link);
  });
  after(() => rmSync(directory, { recursive: true }));
  const path = (...names: string[]): string =>
    names.map((name) => (name === "" ? "" : join(directory, name))).join(delimiter);

  it("is the entry of the PATH that leads to this Node.js, since that outlives an update", () => {
    assert.equal(stableNode({ path: path("nothing", "bin"), executable: versioned }), link);
  });
  it("is not another Node.js that comes first", () => {
    assert.equal(stableNode({ path: path("other", "bin"), executable: versioned }), link);
  });
  it("is the program itself if the PATH does not lead to it", () => {
    assert.equal(stableNode({ path: path("other", ""), executable: versioned }), versioned);
  });
});
