import { AsyncLocalStorage } from "node:async_hooks";

import type { InterruptFlags } from "./interruptFlags.ts";

/** Thrown in a cell that the user stopped, and shown as its error. */
export class KernelInterrupt extends Error {
  override readonly name = "KernelInterrupt";

  constructor() {
    super("interrupted");
  }
}

/** The run that an asynchronous continuation belongs to, also inside functions that another cell defined. */
const running = new AsyncLocalStorage<Interruption>();

/** The possibility to stop one run of a cell, wherever it is. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #interrupted: Promise<never>;
  #reject: (error: KernelInterrupt) => void = () => undefined;
  readonly #flags: InterruptFlags;
  #ended = false;

  constructor(flags: InterruptFlags) {
    this.#flags = flags;
    this.#interrupted = new Promise((_, reject) => (this.#reject = reject));
    this.#interrupted.catch(() => undefined);
  }

  /** For code that can stop by itself: aborted by {@link interrupt}. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Rejects what is awaited and aborts the signal. Does nothing after the cell has ended. */
  interrupt(): void {
    if (this.#ended || this.#controller.signal.aborted) return;
    this.#flags.answer();
    const error = new KernelInterrupt();
    this.#controller.abort(error);
    this.#reject(error);
  }

  /** What `run` gives, or a KernelInterrupt before that. */
  race<T>(run: () => Promise<T>): Promise<T> {
    this.#flags.start();
    return Promise.race([running.run(this, run), this.#interrupted]);
  }

  /** Throws when the run was stopped, also when only the other thread knows it yet. */
  check(): void {
    if (!this.#ended && this.#flags.isRequested()) this.interrupt();
    this.#controller.signal.throwIfAborted();
  }

  end(): void {
    this.#ended = true;
    this.#flags.answer();
  }
}

/** Whether this is how a stopped cell ends: our own error, or V8's when it broke synchronous code. */
export function isInterruption(error: unknown): boolean {
  if (error instanceof KernelInterrupt) return true;
  return (
    error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED"
  );
}

/**
 * Passes on a value that was awaited, unless the run was stopped meanwhile: then the function ends here. A rejected race
 * alone would let a loop with an `await` in it go on forever, unseen.
 */
export function checkInterruption(this: void, value?: unknown): unknown {
  running.getStore()?.check();
  return value;
}
