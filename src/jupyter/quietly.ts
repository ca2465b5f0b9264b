import { displaySymbol } from "./mimeBundle.ts";

/**
 * A promise of something that was done, not computed: as the last expression of a cell it is waited for, as if it stood behind
 * `await`, and shows nothing.
 */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  return Object.assign(promise, { [displaySymbol]: () => promise.then(() => ({})) });
}
