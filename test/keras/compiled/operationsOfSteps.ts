import { trainable } from "../../../src/keras/training/trainableModel.ts";
import { currentRuntime } from "../../../src/tensorflow/runtime.ts";
import { tf } from "../../../src/tensorflow/tf.ts";

/**
 * What TensorFlow is asked to run, operation by operation, in two steps of a compiled model: the first is recorded, the second is one
 * function of TensorFlow's, of which nothing shows.
 */
export function operationsOfSteps(model: tf.LayersModel, batchOf: (step: number) => tf.Tensor[]): string[][] {
  const train = trainable(model, "test").makeTrainFunction();
  return [0, 1].map((step) => {
    const batch = batchOf(step);
    const { recording } = currentRuntime()!.record(() => tf.dispose(train(batch)));
    tf.dispose(batch);
    return recording.operations.map(({ name }) => name);
  });
}
