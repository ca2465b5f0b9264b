import { program } from "../../support/paths.ts";
import { runToEnd, type Finished } from "../../support/processes.ts";

/** Runs the program as users do. */
export function convoscope(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string | undefined> } = {},
): Promise<Finished> {
  return runToEnd(process.execPath, [program, ...args], options);
}
