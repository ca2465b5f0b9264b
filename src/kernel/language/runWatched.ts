import { Script } from "node:vm";

import type { InterruptFlags } from "./interruptFlags.ts";

/** Where the inner script is left for the outer one. */
const innerSymbol = Symbol.for("convoscope.watched");

/** The name hides its frame from stacks, as a part of the kernel. */
const outer = new Script(`globalThis[Symbol.for("convoscope.watched")]()`, {
  filename: import.meta.filename,
});

/**
 * Runs a script so that SIGINT makes V8 break it, with an error that only the caller of this sees. While Node begins and ends to
 * watch for the signal, the process has no other handler for it and one that came then would end it: so the watch is begun by
 * another script around this one, and no signal is sent but while that runs.
 */
export function runWatched(script: Script, flags: InterruptFlags): unknown {
  (globalThis as Record<symbol, unknown>)[innerSymbol] = () => {
    flags.unshield();
    try {
      return script.runInThisContext() as unknown;
    } finally {
      flags.shield();
    }
  };
  flags.shield();
  try {
    return outer.runInThisContext({ breakOnSigint: true });
  } finally {
    flags.unshield();
  }
}
