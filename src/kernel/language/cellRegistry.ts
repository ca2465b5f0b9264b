import type { TraceMap } from "@jridgewell/trace-mapping";

/** A cell that has run or is running: what an error needs to name a place in it. */
export interface Cell {
  /** As errors name it: `Cell [3]`. */
  name: string;
  source: string;
  map: () => TraceMap;
}

/** The cells of a session, by the name of their virtual file. */
export class CellRegistry {
  readonly #cells = new Map<string, Cell>();

  add(filename: string, cell: Cell): void {
    this.#cells.set(filename, cell);
  }

  get(filename: string): Cell | undefined {
    return this.#cells.get(filename);
  }

  /** The latest cell of a name, for errors that say only that. */
  named(name: string): Cell | undefined {
    return [...this.#cells.values()].findLast((cell) => cell.name === name);
  }
}
