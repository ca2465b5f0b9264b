import { spawnSync } from "node:child_process";
import { join } from "node:path";

const source = join(import.meta.dirname, "../../../src");

export interface ChildResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a module of JavaScript in a process of its own, where `tf`, `backend` and `setRandomSeed` are imported. */
export function runChild(
  code: string,
  { env = {}, nodeArguments = [] }: { env?: NodeJS.ProcessEnv; nodeArguments?: string[] } = {},
): ChildResult {
  const imports = `
    import { tf } from "${source}/tensorflow/tf.ts";
    import { backend } from "${source}/tensorflow/backend.ts";
    import { setRandomSeed } from "${source}/tensorflow/randomSeed.ts";
    void [tf, backend, setRandomSeed];\n`;
  const args = [...nodeArguments, "--import", "tsx", "--input-type=module", "-e", imports + code];
  return spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...env } });
}

/** What the child printed last, as JSON; its error where it has failed. */
export function resultOf({ status, stdout, stderr }: ChildResult): unknown {
  if (status !== 0) throw new Error(`the child ended with ${String(status)}: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}
