import { currentHost } from "./host.ts";
import { quietly } from "./quietly.ts";

/** Options of {@link clearOutput}. */
export interface ClearOutputOptions {
  /** Only when the next output comes, so that nothing flickers. Default false. */
  wait?: boolean;
}

/**
 * Removes what the cell has shown so far. Does nothing where nothing can be removed: in a terminal and in tslab.
 *
 * ```ts
 * for (let step = 1; step <= 3; step++) {
 *   await clearOutput({ wait: true });
 *   await display(`step ${step} of 3`);
 * }
 * ```
 */
export function clearOutput(options: ClearOutputOptions = {}): Promise<void> {
  return quietly(clear(options));
}

async function clear(options: ClearOutputOptions): Promise<void> {
  await currentHost().clearOutput?.(options);
}
