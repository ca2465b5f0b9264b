import type { TraceMap } from "@jridgewell/trace-mapping";

/** A cell that has run or is running: what an error needs to name a place in it. */
export interface Cell {
  /** As errors name it: `Cell [3]`. */
  name: string;
  source: string;
  map: () => TraceMap;
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
}
