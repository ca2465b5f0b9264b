import { existsSync } from "node:fs";
import { program } from "../../support/paths.ts";
import { runToEnd, type Finished } from "../../support/processes.ts";

/** Runs the program as users do. */
export function convoscope(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string | undefined> } = {},
): Promise<Finished> {
  return runToEnd(process.execPath, [program, ...args], options);
}

/** Skips what needs the built program where it was not built, and says so. */
export function needProgram(this: Mocha.Context): void {
  if (existsSync(program)) return;
  process.stdout.write("    skipped: dist/cli/main.js is missing; run npm run build\n");
  this.skip();
}
