// What a user waits for, by kernel: ours, tslab, Deno (on the PATH, or DENO) and ipykernel, through the same client.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../python.mjs";

/** One table, a row a measure and a column a kernel. The measuring itself is in TypeScript, as the client of the tests is. */
export function measureKernels() {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--import", "tsx", join(root, "bench/kernel/kernels.ts")],
    { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1e8 },
  );
  if (status !== 0) throw new Error("bench: the kernels could not be measured");
  return stdout.trimEnd().split("\n");
}
