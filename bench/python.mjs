import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const python = join(root, ".venv/bin/python");
const exec = promisify(execFile);

/** Runs a script in the Python of `.venv` and reads the JSON of its last line. */
export async function runPython(script, args) {
  if (!existsSync(python)) throw new Error("bench: expected .venv, found none; run npm run setup");
  return lastLine(await exec(python, [join(root, script), ...args.map(String)], { maxBuffer: 1e8 }));
}

/** Runs a script in Node and reads the JSON of its last line. */
export async function runNode(script, args) {
  return lastLine(
    await exec(process.execPath, [join(root, script), ...args.map(String)], { maxBuffer: 1e8 }),
  );
}

function lastLine({ stdout }) {
  return JSON.parse(stdout.trim().split("\n").at(-1));
}
