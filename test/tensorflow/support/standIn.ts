import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { need } from "../../support/needs.ts";

/** Compiles a library of C that stands in for one that is not here; the test is skipped where there is no compiler. */
export function compileStandIn(test: Mocha.Context, path: string, code: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const { error, status, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-x", "c", "-o", path, "-"], {
    input: code,
    encoding: "utf8",
  });
  need(test, error === undefined ? path : undefined, "no C compiler: install cc");
  assert.equal(status, 0, stderr);
}
