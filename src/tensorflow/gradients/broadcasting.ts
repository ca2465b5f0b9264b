import * as tf from "@tensorflow/tfjs";
import { replaceGradient } from "./replaceGradient.ts";

/** Kernels whose gradient TensorFlow.js leaves in the shape of the output. */
const kernels = ["Maximum", "Minimum", "SquaredDifference"];

/** Sums the gradients of functions of two tensors over the axes along which one of them was repeated. */
export function correctBroadcasting(): void {
  for (const kernel of kernels) {
    replaceGradient(kernel, (usual) => (dy, saved, attributes) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const gradients = usual(dy, saved, attributes);
      return {
        a: () => summedTo(a.shape, gradients.a!()),
        b: () => summedTo(b.shape, gradients.b!()),
      };
    });
  }
}

function summedTo(shape: number[], gradient: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return axes.length === 0 ? gradient : tf.reshape(tf.sum(gradient, axes), shape);
}
