import type * as tf from "@tensorflow/tfjs";
import { addKernel, floats, runKernel } from "./nodeKernels.ts";

const operation = "SoftmaxCrossEntropyWithLogits";

/** Adds the kernel of {@link softmaxCrossEntropy}. */
export function addSoftmaxCrossEntropy(): void {
  addKernel(operation, ({ inputs: { logits, labels }, backend }) =>
    backend.executeMultipleOutputs(operation, [floats], [logits!, labels!], 2),
  );
}

/** The cross-entropy of each row, and its gradient with respect to the logits; both from `[rows, classes]`. */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor2D,
): [loss: tf.Tensor1D, gradient: tf.Tensor2D] {
  return runKernel<[tf.Tensor1D, tf.Tensor2D]>(operation, { logits, labels });
}
