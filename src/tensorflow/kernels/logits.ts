import * as tf from "@tensorflow/tfjs";
import { floats, improveKernel } from "./nodeKernels.ts";

/** For the values of a softmax or sigmoid: what it was computed from. */
let collected: Map<object, tf.Tensor> | undefined;

/** Lets {@link collectLogits} see what softmax and sigmoid are given. */
export function observeLogits(): void {
  for (const [kernel, input] of [
    ["Softmax", "logits"],
    ["Sigmoid", "x"],
  ] as const) {
    improveKernel(kernel, ({ inputs, backend }) => {
      if (collected === undefined) return undefined;
      const logits = inputs[input] as tf.Tensor;
      const values = backend.executeSingleOutput(kernel, [floats], [logits]);
      // It would be gone with the layer that has made it.
      if (!logits.kept) collected.set(values.dataId, tf.keep(logits));
      return values;
    });
  }
}

/**
 * Runs a forward pass in which `logitsOf` gives the logits of which probabilities were made, as long as `body` runs: a loss is
 * more exact, and one operation, when it is computed from them.
 */
export function collectLogits<Result>(
  body: (logitsOf: (probabilities: tf.Tensor) => tf.Tensor | undefined) => Result,
): Result {
  const mine = new Map<object, tf.Tensor>();
  collected = mine;
  try {
    return body((probabilities) => {
      const logits = mine.get(probabilities.dataId);
      // After a Reshape the values are the same, the rows others.
      return logits && tf.util.arraysEqual(logits.shape, probabilities.shape) ? logits : undefined;
    });
  } finally {
    collected = undefined;
    tf.dispose([...mine.values()]);
  }
}
