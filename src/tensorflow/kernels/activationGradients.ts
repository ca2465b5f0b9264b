import * as tf from "@tensorflow/tfjs";
import { addKernel, floats, runKernel } from "./nodeKernels.ts";

interface ActivationGradient {
  kernel: string;
  /** The operation of TensorFlow's that computes the gradient at once, and the order of its inputs. */
  operation: string;
  outputFirst: boolean;
  /** The gradient on other backends, where TensorFlow.js's own wants the input. */
  elsewhere?: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor;
}

/** Activations whose gradient follows from what they have given. */
const fromOutput: readonly ActivationGradient[] = [
  { kernel: "Relu", operation: "ReluGrad", outputFirst: false },
  {
    kernel: "Relu6",
    operation: "Relu6Grad",
    outputFirst: false,
    elsewhere: (dy, y) => tf.mul(dy, tf.mul(tf.step(y), tf.cast(tf.less(y, 6), "float32"))),
  },
  { kernel: "Sigmoid", operation: "SigmoidGrad", outputFirst: true },
  { kernel: "Tanh", operation: "TanhGrad", outputFirst: true },
];

/**
 * Lets gradients of activations be one operation instead of two to four, from the output instead of the input, which need not be
 * kept then. Other backends, and gradients of gradients, have the several operations.
 */
export function improveActivationGradients(): void {
  for (const { kernel, operation, outputFirst, elsewhere } of fromOutput) {
    addKernel(operation, ({ inputs: { dy, y }, backend }) =>
      backend.executeSingleOutput(operation, [floats], outputFirst ? [y!, dy!] : [dy!, y!]),
    );
    const usual = tf.getGradient(kernel);
    tf.unregisterGradient(kernel);
    tf.registerGradient({
      kernelName: kernel,
      inputsToSave: [],
      outputsToSave: [true],
      gradFunc: (dy, saved, attributes) => {
        const inputs = { dy: dy as tf.Tensor, y: saved[0]! };
        if (tf.getBackend() === "tensorflow" && tf.engine().state.gradientDepth === 0)
          return { x: () => runKernel(operation, inputs) };
        if (elsewhere) return { x: () => elsewhere(inputs.dy, inputs.y) };
        // ReLU's output is above 0 where its input is; the others are made from the output anyway.
        return usual.gradFunc(dy, [inputs.y], attributes);
      },
    });
  }
}
