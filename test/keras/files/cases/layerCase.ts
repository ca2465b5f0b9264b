import type { tf } from "../../../../src/tensorflow/tf.ts";

/** A layer to be written and read: how it is made, and what it is called on. */
export interface LayerCase {
  make: () => tf.layers.Layer;
  /** Shapes of its inputs, without the batch. */
  inputs: number[][];
  /** Inputs are whole numbers below 4 instead of numbers from -1 to 1. */
  integers?: boolean;
  /** Keras itself does not read back what it writes as .h5, or cannot write it once the layer was called. */
  notAsH5?: boolean;
  /** How far from Keras the result may be. Default 1e-5. */
  tolerance?: number;
}

export type LayerCases = Readonly<Record<string, readonly LayerCase[]>>;

// What layers are called on.
export const map = [[6, 6, 4]];
export const sequence = [[5, 4]];
export const volume = [[4, 4, 4, 2]];
export const row = [[4]];
export const three = [row[0]!, row[0]!, row[0]!];
// TensorFlow.js' own hard sigmoid is Keras 2's; Keras 3 has another function of that name.
export const recurrentActivation = "sigmoid";
