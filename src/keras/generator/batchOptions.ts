import type { SaveOptions } from "./saveBatch.ts";

/** How a generator makes batches, whatever of; the names are Keras'. */
export interface BatchOptions extends SaveOptions {
  /** Pictures in a batch; the last batch of an epoch may have fewer. Default 32. */
  batchSize?: number;
  /** Whether each epoch has its own order. Default true. */
  shuffle?: boolean;
  /** Makes orders and random changes repeatable; they are not NumPy's. Default: none. */
  seed?: number;
  /** With the generator's `validationSplit`: the first part, or the rest. */
  subset?: "training" | "validation";
  /** Stops the batches. Default: none; `fit` stops by its own. */
  signal?: AbortSignal;
}
