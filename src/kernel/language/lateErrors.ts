import type { CellRegistry } from "./cellRegistry.ts";
import { isInterruption } from "./interruption.ts";
import { tracebackOf } from "./traceback.ts";

/**
 * Shows errors that nobody caught, thrown by timers and forgotten promises, as text on the standard error stream of the cell
 * that started them. They end no session.
 */
export function reportLateErrors(cells: CellRegistry): void {
  const report = (prefix: string, error: unknown): void => {
    if (isInterruption(error)) return;
    process.stderr.write(`${prefix}${tracebackOf(error, cells).join("\n")}\n`);
  };
  process.on("uncaughtException", (error) => report("Uncaught ", error));
  process.on("unhandledRejection", (reason) => report("Uncaught (in promise) ", reason));
}
