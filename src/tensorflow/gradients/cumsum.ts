import * as tf from "@tensorflow/tfjs";
import { replaceGradient } from "./replaceGradient.ts";

/** Lets the gradient of a running sum be the running sum from the other end; TensorFlow.js transposes it besides. */
export function correctCumsum(): void {
  replaceGradient("Cumsum", () => (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy, axis as number, exclusive as boolean, !(reverse as boolean)),
  }));
}
