/** A cell that was run: its session, its number there, its code, and its result as text. */
export interface HistoryEntry {
  session: number;
  line: number;
  input: string;
  output: string | null;
}

/** Where the cells that were run are kept. */
export interface History {
  /** Keeps a cell that is about to run. */
  addInput(line: number, input: string): void;
  /** Keeps the result of a cell whose input was added. */
  addOutput(line: number, output: string): void;
  /** Everything kept, oldest session first, and the number of this one. */
  read(): Promise<{ session: number; entries: HistoryEntry[] }>;
  /** Resolves when everything is where it is kept. */
  close(): Promise<void>;
}

/** How many cells are kept, of all sessions together, and how much of a result, in UTF-16 units. */
export const maxEntries = 10_000;
const maxOutput = 10_000;

/** The cells of one session, in memory. Also what is left of a history whose file cannot be written. */
export class MemoryHistory implements History {
  readonly #cells = new Map<number, { input: string; output: string | null }>();
  readonly #limit: number;

  constructor({ limit = maxEntries } = {}) {
    this.#limit = limit;
  }

  addInput(line: number, input: string): void {
    this.#cells.set(line, { input, output: null });
    if (this.#cells.size > this.#limit) this.#cells.delete(line - this.#limit);
  }

  addOutput(line: number, output: string): void {
    const cell = this.#cells.get(line);
    if (cell) cell.output = shorten(output);
  }

  /** The cells as those of the session with that number. */
  entries(session: number): HistoryEntry[] {
    return [...this.#cells].map(([line, cell]) => ({ session, line, ...cell }));
  }

  read(): Promise<{ session: number; entries: HistoryEntry[] }> {
    return Promise.resolve({ session: 1, entries: this.entries(1) });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A result as it is kept: its beginning, when it is long. */
export function shorten(output: string): string {
  return output.length <= maxOutput ? output : `${output.slice(0, maxOutput)}…`;
}
