import type { tf } from "../tensorflow/tf.ts";

/** A model of layers, as the pictures take it. */
export type Model = tf.LayersModel;

/** A tensor, as the pictures take it. */
export type Tensor = tf.Tensor;
