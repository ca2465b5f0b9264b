/** What the kernel thread and the main thread tell each other about an interrupt, in shared memory: neither has to wait for it. */
export interface InterruptFlags {
  /** The memory itself, which the loops of cells look at: they stop while its first number is more than {@link running}. */
  readonly memory: Int32Array;
  /** A cell has started. */
  start(): void;
  /** No cell runs any more, and what was asked of the last one is done. */
  end(): void;
  /** Asks whatever runs to stop. */
  request(): void;
  /** Whether somebody has asked, and nothing has ended since. */
  isRequested(): boolean;
  /** Calls `send` when nothing has stopped yet, and lets the main thread know that a signal is on its way. */
  signal(send: () => void): void;
  /** Whether a signal was sent. */
  isSignalled(): boolean;
  /** Waits until a signal that was sent has come, which ends this very call, at most some milliseconds. */
  awaitSignal(): void;
}

const idle = 0;
export const running = 1;
const requested = 2;
const signalled = 3;

/** How long a signal may take from one thread of a busy machine to the other, in milliseconds. */
const longestWay = 50;

/** How many bytes the flags need. The second number wakes who waits for input: see `userInput.ts`. */
export const interruptFlagBytes = 2 * Int32Array.BYTES_PER_ELEMENT;

export function interruptFlags(shared: SharedArrayBuffer): InterruptFlags {
  const memory = new Int32Array(shared);
  return {
    memory,
    start: () => void Atomics.compareExchange(memory, 0, idle, running),
    end: () => void Atomics.store(memory, 0, idle),
    request() {
      if (Atomics.load(memory, 0) !== signalled) Atomics.store(memory, 0, requested);
    },
    isRequested: () => Atomics.load(memory, 0) > running,
    signal(send) {
      if (Atomics.compareExchange(memory, 0, requested, signalled) === requested) send();
    },
    isSignalled: () => Atomics.load(memory, 0) === signalled,
    awaitSignal: () => void Atomics.wait(memory, 0, signalled, longestWay),
  };
}
