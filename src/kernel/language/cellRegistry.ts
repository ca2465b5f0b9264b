import type { TraceMap } from "@jridgewell/trace-mapping";

/** A cell that has run or is running: what an error needs to name a place in it. */
export interface Cell {
  /** As errors name it: `Cell [3]`. */
  name: string;
  source: string;
  map: () => TraceMap;
  /** What the user wrote, without types, where the script has this text of a function; undefined when it has not. */
  originalOf: (text: string) => string | undefined;
}

/** How many cells are remembered. What an older one has defined may still run, and is then named by its virtual file. */
const maxCells = 2000;

/** The latest cells of a session, by the name of their virtual file. */
export class CellRegistry {
  readonly #cells = new Map<string, Cell>();
  readonly #limit: number;

  constructor(limit = maxCells) {
    this.#limit = limit;
  }

  add(filename: string, cell: Cell): void {
    this.#cells.set(filename, cell);
    if (this.#cells.size <= this.#limit) return;
    const [oldest] = this.#cells.keys();
    this.#cells.delete(oldest!);
  }

  get(filename: string): Cell | undefined {
    return this.#cells.get(filename);
  }

  /** The latest cell of a name, for errors that say only that. */
  named(name: string): Cell | undefined {
    return [...this.#cells.values()].findLast((cell) => cell.name === name);
  }

  /** What the user wrote, without types, of a function whose text runs; undefined when no cell has it. */
  originalOf(text: string): string | undefined {
    for (const cell of [...this.#cells.values()].reverse()) {
      const original = cell.originalOf(text);
      if (original !== undefined) return original;
    }
    return undefined;
  }
}
