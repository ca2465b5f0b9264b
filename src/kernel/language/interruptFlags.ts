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
  /**
   * Calls `send` when nothing has stopped yet, and lets the main thread know that a signal is on its way. False when the main
   * thread can bear none at this moment: to be tried again.
   */
  signal(send: () => void): boolean;
  /** Whether a signal was sent, or is about to be. */
  isSignalled(): boolean;
  /** Waits until a signal that was sent has broken the script, which ends this very call, at most some milliseconds. */
  awaitSignal(): void;
  /** From now on no signal comes: one that was about to be sent has reached the process when this returns. */
  shield(): void;
  /** Signals may come again. */
  unshield(): void;
}

const idle = 0;
export const running = 1;
const requested = 2;
/** A signal is about to be sent, and has been. */
const signalled = 3;
const sent = 4;
/** Added to each of the first three while no signal may be sent. */
const shielded = 8;

/** How long a signal may take from one thread of a busy machine to the other, in milliseconds. */
const longestWay = 50;

/** How many bytes the flags need. The second number wakes who waits for input: see `userInput.ts`. */
export const interruptFlagBytes = 2 * Int32Array.BYTES_PER_ELEMENT;

export function interruptFlags(shared: SharedArrayBuffer): InterruptFlags {
  const memory = new Int32Array(shared);
  const state = (): number => Atomics.load(memory, 0) & ~shielded;
  /** Replaces the number by what `next` makes of it, and leaves it where that is undefined. */
  const update = (next: (value: number) => number | undefined): void => {
    for (;;) {
      const value = Atomics.load(memory, 0);
      const wanted = next(value);
      if (wanted === undefined || Atomics.compareExchange(memory, 0, value, wanted) === value) return;
    }
  };
  return {
    memory,
    start: () => void Atomics.compareExchange(memory, 0, idle, running),
    end: () => void Atomics.store(memory, 0, idle),
    request: () =>
      update((value) => (value === signalled || value === sent ? undefined : (value & shielded) | requested)),
    isRequested: () => state() > running,
    signal(send) {
      const value = Atomics.compareExchange(memory, 0, requested, signalled);
      if (value !== requested) return value !== (requested | shielded);
      send();
      Atomics.compareExchange(memory, 0, signalled, sent);
      return true;
    },
    isSignalled: () => state() >= signalled,
    awaitSignal: () => void Atomics.wait(memory, 0, Atomics.load(memory, 0), longestWay),
    shield() {
      update((value) => (value >= signalled ? undefined : value | shielded));
      // The other thread is in the middle of it, and sooner or later gets its turn.
      while (state() === signalled) Atomics.wait(memory, 0, signalled, 1);
    },
    unshield: () => update((value) => (value & shielded ? value & ~shielded : undefined)),
  };
}
