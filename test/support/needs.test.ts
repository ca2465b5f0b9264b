import assert from "node:assert/strict";
import { join } from "node:path";
import { root } from "./paths.ts";
import { runToEnd } from "./processes.ts";

describe("a test without what it needs", function () {
  this.timeout(60_000);

  it("is skipped, alone or with its suite, and the reporter says why", async () => {
    const mocha = join(root, "node_modules/mocha/bin/mocha.js");
    const spec = join(root, "test/fixtures/needs.spec.ts");
    const { code, stdout } = await runToEnd(process.execPath, [mocha, spec], { cwd: root });
    const lines = stdout.trim().split("\n");
    assert.equal(code, 0);
    assert.deepEqual(lines.slice(-5), [
      "skipped: a suite runs (no wind)",
      "skipped: a suite and one in it runs too (no wind)",
      "skipped: a test alone is skipped (no sun)",
      "skipped: a test alone says nothing (no reason was given)",
      "1 passed, 0 failed, 4 skipped",
    ]);
  });
});
