import * as tf from "@tensorflow/tfjs";

/** The gradients by the inputs of a kernel, each computed when it is asked for. */
export type Gradients = Record<string, () => tf.Tensor>;

/** Computes the gradients from that of the output, what was kept of the forward pass, and the attributes of the kernel. */
export type GradientFunction = (dy: tf.Tensor, saved: tf.Tensor[], attributes: tf.NamedAttrMap) => Gradients;

/** Gives a kernel another gradient, made from the one that it has; what is kept of the forward pass stays the same. */
export function replaceGradient(
  kernelName: string,
  better: (usual: GradientFunction) => GradientFunction,
): void {
  const config = tf.getGradient(kernelName);
  tf.unregisterGradient(kernelName);
  const gradFunc = better(config.gradFunc);
  tf.registerGradient({ ...config, gradFunc: gradFunc as tf.GradFunc });
}
