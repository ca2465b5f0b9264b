import { KerasCallback, readLogs, say } from "./kerasCallback.ts";

/** Options of {@link terminateOnNaN}. */
export interface TerminateOnNaNOptions {
  /** Whether `fit` throws instead of ending in good order. Default false. */
  raiseError?: boolean;
}

/** Ends a training whose loss is no number any more. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class TerminateOnNaN extends KerasCallback {
  constructor({ raiseError = false }: TerminateOnNaNOptions = {}) {
    super();
    this.onBatchEnd = async (batch, logs) => {
      const { loss } = await readLogs(logs);
      if (loss === undefined || Number.isFinite(loss)) return;
      if (raiseError) {
        throw new Error(
          `NaN or Inf loss encountered at batch ${batch}. Loss value: ${loss}. Terminating training immediately.`,
        );
      }
      say(`Batch ${batch}: Invalid loss, terminating training`);
      this.stop();
    };
  }
}

/**
 * A callback that ends the training after a batch whose loss is NaN or infinite, as Keras' `TerminateOnNaN` does.
 *
 * ```ts
 * await fit(model, train, { epochs: 30, callbacks: [callbacks.terminateOnNaN()] });
 * ```
 *
 * @param options `raiseError`: throw, so that nothing else runs (false)
 */
export function terminateOnNaN(options: TerminateOnNaNOptions = {}): TerminateOnNaN {
  return new TerminateOnNaN(options);
}
