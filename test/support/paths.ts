import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout. */
export const root = resolve(import.meta.dirname, "../..");

/** The command line program as users start it. */
export const program = join(root, "dist/cli/main.js");

/** The Python of the environment that the set-up makes, if it is there. */
export const python = existing(join(root, ".venv/bin/python"));

/** Real data: CONVOSCOPE_DATA, else the directory beside the checkout, if it is there. */
export const realData = existing(process.env.CONVOSCOPE_DATA ?? resolve(root, "../shared/data"));

/** Debian's browser, if it is installed. */
export const chromium = process.env.CHROMIUM ?? which("chromium");

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

function which(command: string): string | undefined {
  try {
    return execFileSync("which", [command], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}
