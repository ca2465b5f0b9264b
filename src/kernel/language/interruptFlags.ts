/** What main thread and socket thread tell each other about an interrupt, in shared memory: neither has to wait for it. */
export interface InterruptFlags {
  /** The memory itself, which the loops of a cell look at: its first number is {@link requested} when they should stop. */
  readonly memory: Int32Array;
  /** A cell has started. */
  start(): void;
  /** The cell has ended, or it has learned that it is to end. A signal on its way to it has come when this returns. */
  answer(): void;
  /** Asks the running cell to stop, and sends it a signal as well; does nothing when none is running. */
  request(sendSignal: () => void): void;
  isRequested(): boolean;
}

const idle = 0;
const running = 1;
export const requested = 2;

/** The second number, while a signal is being sent. Who waits for it waits so many milliseconds at most. */
const sending = 1;
const longestWait = 100;

/** How many bytes the flags need. */
export const interruptFlagBytes = 2 * Int32Array.BYTES_PER_ELEMENT;

export function interruptFlags(shared: SharedArrayBuffer): InterruptFlags {
  const memory = new Int32Array(shared);
  return {
    memory,
    start: () => void Atomics.store(memory, 0, running),
    answer() {
      Atomics.store(memory, 0, idle);
      // The cell may have seen the flag before the other thread came to send the signal, which would then stop the next cell.
      Atomics.wait(memory, 1, sending, longestWait);
    },
    request(sendSignal) {
      Atomics.store(memory, 1, sending);
      if (Atomics.compareExchange(memory, 0, running, requested) !== idle) sendSignal();
      Atomics.store(memory, 1, 0);
      Atomics.notify(memory, 1);
    },
    isRequested: () => Atomics.load(memory, 0) === requested,
  };
}
