import { tf } from "../../tensorflow/tf.ts";

/** The seed of the step that is being computed, and how often it was drawn from. */
let current: { seed: tf.Tensor1D; draws: number } | undefined;

/** Two numbers that {@link setRandomSeed} makes repeatable. */
export function newSeed(): Int32Array {
  return Int32Array.from([0, 1], () => Math.floor(Math.random() * 2 ** 31));
}

/** Runs a step whose random numbers all come from `seed`, two int32: another seed gives others, the same one the same. */
export function withSeed<Result>(seed: tf.Tensor1D, step: () => Result): Result {
  const before = current;
  current = { seed, draws: 0 };
  try {
    return step();
  } finally {
    current = before;
  }
}

/** A seed that nothing else has drawn from. To be called in a tidy. */
export function drawSeed(): tf.Tensor1D {
  if (current === undefined) return tf.tensor1d(newSeed(), "int32");
  return tf.add(current.seed, tf.tensor1d([0, current.draws++], "int32"));
}

/** Whether a step is being computed. */
export function isInStep(): boolean {
  return current !== undefined;
}
