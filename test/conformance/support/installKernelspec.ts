import assert from "node:assert/strict";
import { join } from "node:path";
import { program } from "../../support/paths.ts";
import { runToEnd } from "../../support/processes.ts";

/**
 * Installs the kernel below a directory, as users do. Returns the environment in which Jupyter finds it there, and in which it
 * leaves the user's history alone.
 */
export async function installKernelspec(directory: string): Promise<Record<string, string>> {
  const { code, stderr } = await runToEnd(process.execPath, [program, "install", "--prefix", directory]);
  assert.equal(code, 0, stderr);
  return { JUPYTER_PATH: join(directory, "share/jupyter"), CONVOSCOPE_HISTORY: "off" };
}
