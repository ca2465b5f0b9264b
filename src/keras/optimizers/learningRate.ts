import type { tf } from "../../tensorflow/tf.ts";

/** What optimizers of TensorFlow.js and of ours have, and the types of the former hide. */
interface Rated {
  learningRate: number;
  setLearningRate?(rate: number): void;
}

/** The learning rate of an optimizer. */
export function learningRateOf(optimizer: tf.Optimizer): number {
  return (optimizer as unknown as Rated).learningRate;
}

/** Sets it, for the steps that follow. */
export function setLearningRate(optimizer: tf.Optimizer, rate: number): void {
  const rated = optimizer as unknown as Rated;
  // TensorFlow.js's gradient descent keeps a tensor of it.
  if (rated.setLearningRate === undefined) rated.learningRate = rate;
  else rated.setLearningRate(rate);
}
