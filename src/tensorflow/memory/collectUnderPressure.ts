import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Below this nobody needs to hurry, in bytes. */
const least = 512 * 2 ** 20;
/** How long the collector's reports take to come in, in milliseconds. */
const patience = 100;

let limit = least;
let asked = false;

/**
 * Asks for a garbage collection when the tensors of this process have come to hold twice as much as after the last one. V8 sees only the
 * small objects in front of TensorFlow's memory and would let gigabytes of it wait.
 *
 * @param held where the bytes of all tensors are counted
 */
export function collectUnderPressure(held: { numBytes: number }): void {
  if (held.numBytes < limit || asked) return;
  asked = true;
  // Never here: the functions that run now still hold the tensors that they work with.
  setImmediate(() => {
    collect();
    setTimeout(() => {
      limit = Math.max(least, 2 * held.numBytes);
      asked = false;
    }, patience).unref();
  });
}

let collector: (() => void) | undefined;

function collect(): void {
  if (collector === undefined) {
    setFlagsFromString("--expose-gc");
    collector = runInNewContext("gc") as () => void;
  }
  collector();
}
