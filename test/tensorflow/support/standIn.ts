import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Compiles a library of C that stands in for one that is not here; false where there is no compiler. */
export function compileStandIn(path: string, code: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  const { status } = spawnSync("cc", ["-shared", "-fPIC", "-x", "c", "-o", path, "-"], { input: code });
  return status === 0;
}
