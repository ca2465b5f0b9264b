import type { CellRegistry } from "./cellRegistry.ts";
import { isInterruption } from "./interruption.ts";
import { tracebackOf } from "./traceback.ts";

/**
 * Shows errors that nobody caught, thrown by timers and forgotten promises, as text on the standard error stream of the cell
 * that started them. They end no session.
 */
export function reportLateErrors(cells: CellRegistry): void {
  process.on("uncaughtException", (error) => reportLateError(error, cells));
  process.on("unhandledRejection", (reason) => reportLateError(reason, cells, "Uncaught (in promise) "));
}

/** Shows one of them. */
export function reportLateError(error: unknown, cells: CellRegistry, prefix = "Uncaught "): void {
  if (isInterruption(error)) return;
  process.stderr.write(`${prefix}${tracebackOf(error, cells).join("\n")}\n`);
}
