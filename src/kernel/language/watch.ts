import { Script } from "node:vm";

/** Calls something where the stop button reaches it, and gives what it gives. */
export type Watch = <T>(job: () => T) => T;

/** Where the script finds what it is to call. Not enumerable: who prints the global object would look at a name that is not there. */
const jobSymbol = Symbol.for("convoscope.job");
Reflect.defineProperty(globalThis, jobSymbol, { enumerable: false, writable: true, configurable: true });

/** Only a script can be broken by a signal, so one calls what is to be broken. Its name is one that no stack shows. */
const script = new Script(`globalThis[Symbol.for("${jobSymbol.description}")]()`, {
  filename: "node:convoscope/watched",
});

/** Calls something that SIGINT may break: that throws Node's ERR_SCRIPT_EXECUTION_INTERRUPTED. */
export function runWatched<T>(job: () => T): T {
  const place = globalThis as Record<symbol, unknown>;
  place[jobSymbol] = job;
  try {
    return script.runInThisContext({ breakOnSigint: true }) as T;
  } finally {
    // What it holds may be large.
    place[jobSymbol] = undefined;
  }
}
