import type { Failure } from "../core/interpreter.ts";
import type { CellRegistry } from "./cellRegistry.ts";
import { KernelInterrupt, wasBroken, type Run } from "./interruption.ts";
import { describeStack, type StackFrame } from "./stackTrace.ts";
import { describeFailure } from "./traceback.ts";

/** Says of a stopped cell where it was. */
export class InterruptReport {
  readonly #cells: CellRegistry;
  #stopped: StackFrame[] = [];

  constructor(cells: CellRegistry) {
    this.#cells = cells;
  }

  /** Notes where the thread was before a signal broke into it. */
  stoppedAt(frames: StackFrame[]): void {
    this.#stopped = frames;
  }

  /** The failure of a run that was stopped; `error` is what it threw. */
  async describe(error: unknown, run: Run): Promise<Failure> {
    run.interrupt();
    const frames = await this.#framesOf(error, run);
    const interrupt = new KernelInterrupt();
    interrupt.stack = [String(interrupt), ...frames].join("\n");
    return { ...describeFailure(interrupt, this.#cells), interrupted: true };
  }

  async #framesOf(error: unknown, run: Run): Promise<string[]> {
    if (run.isBroken || wasBroken(error)) {
      // The place was sent before the signal, but this thread had no time to hear of it.
      await new Promise((resolve) => setImmediate(resolve));
      const stopped = describeStack(this.#stopped.splice(0), this.#cells);
      if (stopped.length > 0) return stopped;
    }
    const frames = error instanceof Error ? (error.stack ?? "").split("\n    at ").slice(1) : [];
    // What waits has no stack. It was last seen where it began to wait.
    if (frames.some((frame) => frame.includes("Cell ["))) return frames.map((frame) => `    at ${frame}`);
    return run.awaited ? [run.awaited()] : [];
  }
}
