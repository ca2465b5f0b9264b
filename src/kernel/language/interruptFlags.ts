/** What main thread and socket thread tell each other about an interrupt, in shared memory: neither has to wait for it. */
export interface InterruptFlags {
  /** The memory itself, which the loops of a cell look at: its one number is {@link requested} when they should stop. */
  readonly memory: Int32Array;
  /** A cell has started. */
  start(): void;
  /** The cell has ended, or it has learned that it is to end. */
  answer(): void;
  /** Asks the running cell to stop; false when none is running. */
  request(): boolean;
  isRequested(): boolean;
}

const idle = 0;
const running = 1;
export const requested = 2;

/** How many bytes the flags need. */
export const interruptFlagBytes = Int32Array.BYTES_PER_ELEMENT;

export function interruptFlags(shared: SharedArrayBuffer): InterruptFlags {
  const memory = new Int32Array(shared);
  return {
    memory,
    start: () => void Atomics.store(memory, 0, running),
    answer: () => void Atomics.store(memory, 0, idle),
    request: () => Atomics.compareExchange(memory, 0, running, requested) !== idle,
    isRequested: () => Atomics.load(memory, 0) === requested,
  };
}
