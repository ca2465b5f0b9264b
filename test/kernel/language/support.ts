import assert from "node:assert/strict";
import { Script } from "node:vm";

import { AsyncIteration } from "../../../src/kernel/language/asyncIteration.ts";
import { argumentsSymbol, type CellRuntime } from "../../../src/kernel/language/rewrite.ts";
import { SessionScope } from "../../../src/kernel/language/sessionScope.ts";
import { Steps } from "../../../src/kernel/language/steps.ts";
import { transform } from "../../../src/kernel/language/transform.ts";

/** A session without imports, values or errors: what a transformed cell does when it runs. */
export class PlainSession {
  readonly scope: SessionScope;
  readonly flags = new Int32Array(1);
  #cells = 0;

  constructor(scope = new SessionScope()) {
    this.scope = scope;
  }

  /** The value of the cell's last expression, or a promise of it. */
  run(source: string): unknown {
    const filename = `/session/cell-${++this.#cells}.ts`;
    const cell = transform(source, { filename, session: this.scope });
    this.scope.declare(cell.declared);
    const runtime: CellRuntime = {
      import: (specifier) => Promise.resolve({ specifier }),
      meta: { filename },
      awaiting: () => undefined,
      resume: (_, value) => value,
      steps: (generator) => new Steps(generator, (job) => job()),
      watched: (callback) => callback,
      iterate: (iterable) => new AsyncIteration(iterable),
      use: (value) => value,
      magic: (index, expression) =>
        Promise.resolve({ magic: cell.magics[index]!.name, value: expression?.() }),
    };
    (globalThis as Record<symbol, unknown>)[argumentsSymbol] = [this.scope.object, runtime, this.flags];
    const completed = new Script(cell.code, { filename }).runInThisContext() as
      Completed | Promise<Completed>;
    return completed instanceof Promise ? completed.then((value) => value?.value) : completed?.value;
  }
}

type Completed = { value: unknown } | undefined;

/** Runs cells in a fresh session; the value of the last. */
export function runCells(...cells: string[]): unknown {
  const session = new PlainSession();
  return cells.map((cell) => session.run(cell)).at(-1);
}

/** Tests of a suite, each with its cells and the value of the last: plain data, of this realm's constructors. */
export function specifyValues(cases: [title: string, cells: string[], value: unknown][]): void {
  for (const [title, cells, value] of cases) {
    it(title, async () => assert.deepEqual(await runCells(...cells), value));
  }
}
