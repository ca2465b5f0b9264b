import assert from "node:assert/strict";
import { tf } from "../../../src/tensorflow/tf.ts";
import type { Differentiable } from "../differentiable/differentiable.ts";

/** Half the step of the differences: large enough for float32, small enough for the fourth order formula. */
const half = 0.02;
const tolerance = 2e-3;

type Function = Differentiable["of"];

/** Different factors for all values of all results, so that no error cancels. */
function weighted(results: tf.Tensor | tf.Tensor[]): tf.Scalar {
  const parts = [results].flat().map((result, index) => {
    const factors = Float32Array.from({ length: result.size }, (_, i) => Math.sin(1 + i + 10 * index));
    return tf.sum(tf.mul(tf.cast(result, "float32"), tf.tensor(factors, result.shape)));
  });
  return tf.addN(parts) as tf.Scalar;
}

/** The derivative by each value of one input, from four values of the function (Abramowitz and Stegun 25.3.6). */
function differences(of: Function, inputs: readonly tf.Tensor[], index: number): number[] {
  const values = inputs[index]!.dataSync();
  return Array.from(values, (_, place) => {
    const at = (offset: number) =>
      tf.tidy(() => {
        const moved = Float32Array.from(values);
        moved[place]! += offset;
        const tensors = inputs.with(index, tf.tensor(moved, inputs[index]!.shape));
        return weighted(of(...tensors)).dataSync()[0]!;
      });
    return (8 * (at(half) - at(-half)) - (at(2 * half) - at(-2 * half))) / (12 * half);
  });
}

/** Compares the gradients of a function, on the backend that is on, with finite differences. No tensor is left. */
export function checkGradients({ inputs: make, of, like = of }: Differentiable): void {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const inputs = make.map(({ values, shape }) => tf.tensor(values, shape));
    const gradients = tf.grads((...tensors: tf.Tensor[]) => weighted(of(...tensors)))(inputs);
    inputs.forEach((input, index) => {
      assert.deepEqual(gradients[index]!.shape, input.shape);
      const found = gradients[index]!.dataSync();
      differences(like, inputs, index).forEach((wanted, place) => {
        const far = Math.abs(found[place]! - wanted);
        assert(
          far <= tolerance * Math.max(1, Math.abs(wanted)),
          `by value ${place} of input ${index}: ${found[place]} instead of ${wanted}`,
        );
      });
    });
  });
  assert.equal(tf.memory().numTensors, before, "tensors left");
}
