import type MagicString from "magic-string";

import type { CellScope } from "./cellScope.ts";
import type { ImportRequest } from "./importRequest.ts";
import type { ESTree } from "./syntaxTree.ts";

/** The state of one rewriting. */
export interface Rewriting {
  readonly code: string;
  readonly text: MagicString;
  readonly scope: CellScope;
  /** What the scope object and the {@link CellRuntime} are called in this cell. */
  readonly session: string;
  readonly runtime: string;
  /** What the memory is called in which the other thread asks a cell to stop. */
  readonly flags: string;
  /** What the {@link Steps} of a function, or of the cell, are called in it. */
  readonly steps: string;
  /** What the {@link AsyncIteration} of a loop is called in it. */
  readonly iteration: string;
  /** The statement whose value is the result of the cell. */
  readonly last: ESTree.Node | undefined;
  readonly imports: ImportRequest[];
  /** The names that the cell declares with `using`. */
  readonly disposable: ReadonlyMap<string, { async?: boolean }>;
  /** Functions that are there before the first statement runs. */
  readonly hoisted: string[];
  /** The declarations on the left of `for … of` and `for … in`, which get their values from the loop. */
  readonly loopTargets: Set<ESTree.Node>;
  /** The bodies of functions that call themselves. */
  readonly recursive: Set<ESTree.Node>;
  /** What the cell's code and the functions around a node await, as offsets; undefined for functions that are left as they are. */
  readonly awaits: (number[] | undefined)[];
  /** Behind which other offset something is to be inserted, for offsets that code was moved to: see {@link endSteps}. */
  readonly ends: Map<number, number>;
  /** Whether the cell has an `import.meta`. */
  usesMeta: boolean;
}

/** Inserts a piece. Calls come in the order of the text, so that pieces at one offset come out in the right order. */
export function insert({ text, ends }: Rewriting, offset: number, piece: string): void {
  text.appendLeft(ends.get(offset) ?? offset, piece);
}
