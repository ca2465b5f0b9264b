import { currentHost } from "./host.ts";

/** How often a line that says how far something is is rewritten, in milliseconds. */
export const rewritePause = 200;

/** Whether a line that was printed can be rewritten behind `\r`, which files and pipes keep as another line. */
export function canRewrite(): boolean {
  return process.stdout.isTTY || currentHost().notebook;
}
