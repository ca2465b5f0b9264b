import * as tf from "@tensorflow/tfjs";

/**
 * Lets a step from false to true have a gradient, which is 0. TensorFlow.js has none for Greater, by which its `thresholdedReLU` multiplies,
 * so that no net with such a layer could be trained.
 */
export function differentiateGreater(): void {
  tf.registerGradient({
    kernelName: "Greater",
    inputsToSave: ["a", "b"],
    gradFunc: (_, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      return { a: () => tf.zerosLike(a), b: () => tf.zerosLike(b) };
    },
  });
}
