/** What the kernel thread and the main thread tell each other about an interrupt, in shared memory: neither has to wait for it. */
export interface InterruptFlags {
  /** The memory itself, which the loops of cells look at: they stop while its first number is more than {@link running}. */
  readonly memory: Int32Array;
  /** A cell has started. */
  start(): void;
  /** No cell runs any more, and what was asked of the last one is done. How many signals were sent, not all of which may have arrived. */
  end(): number;
  /** Asks whatever runs to stop. */
  request(): void;
  /** Whether somebody has asked, and nothing has ended since. */
  isRequested(): boolean;
  /** Whether somebody has asked while no cell was running: one may be about to start, or the main thread itself. No signal may be sent. */
  isEarly(): boolean;
  /** Calls `send` when the cell has not stopped yet, and lets the main thread know that a signal is on its way. May be repeated. */
  signal(send: () => void): void;
  /** If a signal was sent, waits until it has broken the script, which ends this very call, at most some milliseconds. */
  awaitSignal(): void;
}

const idle = 0;
export const running = 1;
const requested = 2;
/** A signal is about to be sent, and has been. */
const signalled = 3;
const sent = 4;
/** Requested while no cell was running. */
const early = 5;

/** How long a signal may take from one thread of a busy machine to the other, in milliseconds. */
const longestWay = 50;

/** How many bytes the flags need. The second number wakes who waits for input (see `userInput.ts`), the third counts signals. */
export const interruptFlagBytes = 3 * Int32Array.BYTES_PER_ELEMENT;

export function interruptFlags(shared: SharedArrayBuffer): InterruptFlags {
  const memory = new Int32Array(shared);
  const state = (): number => Atomics.load(memory, 0);
  const replace = (value: number, by: number): boolean =>
    Atomics.compareExchange(memory, 0, value, by) === value;
  return {
    memory,
    start: () => void (replace(idle, running) || replace(early, requested)),
    end() {
      for (;;) {
        const value = state();
        // The other thread is in the middle of sending it, and sooner or later gets its turn.
        if (value === signalled) Atomics.wait(memory, 0, signalled, 1);
        else if (replace(value, idle)) return Atomics.exchange(memory, 2, 0);
      }
    },
    request: () => void (replace(running, requested) || replace(idle, early)),
    isRequested: () => state() > running,
    isEarly: () => state() === early,
    signal(send) {
      if (!replace(requested, signalled) && !replace(sent, signalled)) return;
      send();
      Atomics.add(memory, 2, 1);
      replace(signalled, sent);
    },
    awaitSignal() {
      const value = state();
      if (value === signalled || value === sent) Atomics.wait(memory, 0, value, longestWay);
    },
  };
}
