import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runToEnd } from "../support/processes.ts";
import { root } from "../support/paths.ts";

/** What a machine without Python looks like to the set-up and to the library. */
const withoutPython = { CONVOSCOPE_PYTHON: "no-such-python", CONVOSCOPE_LIBTENSORFLOW: "/no/such/library" };

describe("a fresh clone on a machine without Python", function () {
  this.timeout(600_000);
  const directory = mkdtempSync(join(tmpdir(), "convoscope-clone-"));
  const clone = join(directory, "clone");
  const start = (): ReturnType<typeof runToEnd> =>
    runToEnd("npm", ["start", "--", "--param", "epochs=1"], { cwd: clone, env: withoutPython });

  before(async () => {
    const { code, stderr } = await runToEnd("git", ["clone", "--quiet", root, clone]);
    assert.equal(code, 0, stderr);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("sets up, says what is missing, and trains all the same", async () => {
    const { code, stderr } = await start();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /python: expected Python 3\.10-3\.13, found none/);
    assert.match(readFileSync(join(clone, "out/03-shapes.ipynb"), "utf8"), /wasm/);
    assert.ok(existsSync(join(clone, "out/03-shapes.html")));
  });

  it("has nothing to set up the second time", async () => {
    const { code, stderr } = await start();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /installing|building/);
  });

  it("changes no file that git watches", async () => {
    const { stdout } = await runToEnd("git", ["status", "--short"], { cwd: clone });
    assert.equal(stdout, "");
  });
});
