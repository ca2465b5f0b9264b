import { tf } from "../../tensorflow/tf.ts";
import type { CompiledComputation } from "./compiledComputation.ts";

/** A model's outputs for all samples, `batchSize` at a time; an array where the model has several. */
export function predictInBatches(
  prediction: CompiledComputation,
  inputs: tf.Tensor | tf.Tensor[],
  batchSize: number,
): tf.Tensor | tf.Tensor[] {
  return tf.tidy(() => {
    const whole = [inputs].flat();
    const samples = whole[0]!.shape[0];
    const batches: tf.Tensor[][] = [];
    for (let start = 0; start < samples; start += batchSize) {
      const count = Math.min(batchSize, samples - start);
      const tensors = count === samples ? whole : whole.map((tensor) => tf.slice(tensor, start, count));
      batches.push(prediction.run({ tensors }));
      if (tensors !== whole) tf.dispose(tensors);
    }
    const outputs = batches[0]!.map((output, index) =>
      batches.length === 1 ? output : tf.concat(batches.map((batch) => batch[index]!)),
    );
    return outputs.length === 1 ? outputs[0]! : outputs;
  });
}
