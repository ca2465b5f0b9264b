import { AsyncLocalStorage } from "node:async_hooks";
import { types } from "node:util";
import { Script } from "node:vm";

import type { Origin } from "../core/interpreter.ts";
import type { InterruptFlags } from "./interruptFlags.ts";
import { runWatched, type Watch } from "./watch.ts";

/** Thrown in a cell that the user stopped, and shown as its error. */
export class KernelInterrupt extends Error {
  override readonly name = "KernelInterrupt";

  constructor() {
    super("interrupted");
  }
}

/** The run that an asynchronous continuation belongs to, also inside functions that another cell defined. */
const current = new AsyncLocalStorage<Run>();

/** The request that what runs now was started for; undefined in callbacks that belong to none. */
export function currentOrigin(): Origin | undefined {
  return current.getStore()?.origin;
}

/** One cell that runs, or a message to an object of the session: what it was started for, and the possibility to stop it. */
export class Run {
  readonly origin: Origin | undefined;
  /** Says where it has last begun to wait, as a line of a stack. */
  awaited: (() => string) | undefined;
  /** Whether a signal has broken code of it, whatever has come of the error since. */
  isBroken = false;
  readonly #controller = new AbortController();
  readonly #interrupted: Promise<never>;
  #reject: (error: KernelInterrupt) => void = () => undefined;

  constructor(origin?: Origin) {
    this.origin = origin;
    this.#interrupted = new Promise((_, reject) => (this.#reject = reject));
    this.#interrupted.catch(() => undefined);
  }

  /** For code that can stop by itself: aborted by {@link interrupt}. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Rejects what is awaited and aborts the signal. */
  interrupt(): void {
    if (this.signal.aborted) return;
    const error = new KernelInterrupt();
    this.#controller.abort(error);
    this.#reject(error);
  }

  /** Does something as a part of this run: what it prints belongs to it. */
  do<T>(job: () => T): T {
    return current.run(this, job);
  }

  /** What `job` gives, or a KernelInterrupt before that. */
  race<T>(job: () => Promise<T>): Promise<T> {
    return Promise.race([this.do(job), this.#interrupted]);
  }
}

/** All that runs at a time: the cell of the notebook, and those of its subshells. */
export class Runs {
  readonly #flags: InterruptFlags;
  readonly #running = new Set<Run>();
  /** How many signals have broken a script since all was quiet. */
  #arrived = 0;
  readonly #counted = new WeakSet<Error>();
  #isWatching = false;
  #latest = new Run();

  constructor(flags: InterruptFlags) {
    this.#flags = flags;
  }

  /** Aborted when the user stops the code that asks; of the latest cell where it cannot be said which one that is. */
  get signal(): AbortSignal {
    return (current.getStore() ?? this.#latest).signal;
  }

  start(origin: Origin | undefined): Run {
    const run = (this.#latest = new Run(origin));
    this.#running.add(run);
    this.#flags.start();
    return run;
  }

  end(run: Run): void {
    this.#running.delete(run);
    if (this.#running.size === 0) this.#settle();
  }

  /** Does something that a signal may break, and gives what it gives. */
  readonly watch: Watch = (job) => {
    // One signal breaks one script, and that had better be the outermost.
    if (this.#isWatching) return job();
    this.#isWatching = true;
    // So is a timer of a cell that has ended long ago.
    const isAlone = this.#running.size === 0;
    if (isAlone) this.#flags.start();
    try {
      return runWatched(job);
    } catch (error) {
      this.#count(error);
      throw error;
    } finally {
      this.#isWatching = false;
      if (isAlone) this.#settle();
    }
  };

  /** Counts a signal that has arrived, once: who awaits what was broken is given the same error. */
  #count(error: unknown): void {
    if (!wasBroken(error) || this.#counted.has(error)) return;
    this.#counted.add(error);
    this.#arrived++;
    const run = current.getStore();
    if (run) run.isBroken = true;
  }

  /** Stops all that runs. Without any it has answered by being called: no timer of an earlier cell keeps the thread busy. */
  interrupt(): void {
    for (const run of this.#running) run.interrupt();
    if (this.#running.size === 0) this.#settle();
  }

  /**
   * Passes on a value that was awaited, unless the run was stopped meanwhile: then the function ends here. A rejected race
   * alone would let a loop with an `await` in it go on forever, unseen.
   */
  check(value?: unknown): unknown {
    const run = current.getStore();
    if (this.#flags.isRequested()) {
      run?.interrupt();
      this.#flags.awaitSignal();
      throw (run?.signal.reason as KernelInterrupt | undefined) ?? new KernelInterrupt();
    }
    run?.signal.throwIfAborted();
    return value;
  }

  /** Notes where the code that asks begins to wait. */
  awaiting(place: () => string): void {
    const run = current.getStore();
    if (run) run.awaited = place;
  }

  #settle(): void {
    const missing = this.#flags.end() - this.#arrived;
    this.#arrived = 0;
    for (let each = 0; each < missing; each++) absorbSignal();
  }
}

/** Lets a signal that was sent arrive while no cell runs: the next one would end at once. It may have found nothing to break before. */
function absorbSignal(): void {
  try {
    absorber.runInThisContext({ breakOnSigint: true });
  } catch (error) {
    if (!isInterruption(error)) throw error;
  }
}

/** How long a signal may take on a very busy machine, in milliseconds. Only what never arrives is waited for so long. */
const longestWay = 250;
const absorber = new Script(`Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${longestWay})`);

/** Whether this is how a stopped cell ends: our own error, or V8's. */
export function isInterruption(error: unknown): boolean {
  return (!types.isProxy(error) && error instanceof KernelInterrupt) || wasBroken(error);
}

/** Whether V8 broke synchronous code. The error has no stack of that code. */
export function wasBroken(error: unknown): error is Error {
  return (
    // A proxy bears no question.
    !types.isProxy(error) &&
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED"
  );
}
