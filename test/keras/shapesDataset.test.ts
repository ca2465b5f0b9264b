import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { datasets } from "../../src/keras/datasets.ts";
import { packageRoot } from "../../src/package.ts";
import { captureOutput } from "./captureOutput.ts";

describe("datasets.shapes", () => {
  const saved = process.env.CONVOSCOPE_DATA;
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "shapes-"));
    process.env.CONVOSCOPE_DATA = directory;
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
    if (saved === undefined) delete process.env.CONVOSCOPE_DATA;
    else process.env.CONVOSCOPE_DATA = saved;
  });

  const find = async (options = {}) => {
    const capture = captureOutput();
    try {
      return await datasets.shapes(options);
    } finally {
      capture.end();
    }
  };
  const draw = (place: string) => {
    for (const part of ["training_set", "test_set"])
      for (const name of ["squares", "circles"]) mkdirSync(join(place, part, name), { recursive: true });
  };

  for (const place of ["", "shapes"]) {
    it(`finds the hand-drawn set in CONVOSCOPE_DATA${place && "/"}${place}`, async () => {
      draw(join(directory, place));
      const found = await find();
      assert.equal(found.train, join(directory, place, "training_set"));
      assert.equal(found.test, join(directory, place, "test_set"));
      assert.deepEqual(found.classNames, ["circles", "squares"]);
      assert.equal(found.source, "hand-drawn pictures");
    });
  }

  it("falls back on the set of this package, and says so", async () => {
    const capture = captureOutput();
    const found = await datasets.shapes();
    const place = join(packageRoot, "data", "shapes");
    assert.equal(capture.end(), `Shapes: generated drawings in ${place}\n`);
    assert.deepEqual(found.classNames, ["circles", "squares", "triangles"]);
    assert(existsSync(found.test));
  });

  it("refuses a given directory that holds none", async () => {
    await assert.rejects(find({ directory }), { name: "InputError", message: /shapes\/training_set/ });
  });
});
