import * as tf from "@tensorflow/tfjs";
import { attributeKinds } from "./attributes.ts";
import type { Attribute } from "./attributes.ts";
import { dataTypes } from "./dataTypes.ts";

/** The way of tfjs-node's backend to run an operation of TensorFlow. */
interface NodeBackend {
  executeSingleOutput(name: string, attributes: Attribute[], inputs: tf.Tensor[]): tf.Tensor;
}

const kernelName = "Multinomial";
const backendName = "tensorflow";

/**
 * Lets `tf.multinomial` draw what its seed says. tfjs-node hands the seed, most often a number between 0 and 1, to an operation that
 * rounds it to 0, which stands for a seed of its own choice, and that goes on where the last call with that seed has stopped.
 */
export function registerMultinomial(): void {
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { numSamples, seed, normalized } = attrs as {
        numSamples: number;
        seed: number;
        normalized: boolean;
      };
      return tf.tidy(() => {
        const given = inputs.logits as tf.Tensor;
        const logits = normalized ? tf.log(given) : given;
        // All bits of the number, so that no two seeds are one.
        const bits = new Int32Array(Float64Array.of(seed).buffer);
        return (backend as NodeBackend).executeSingleOutput(
          "StatelessMultinomial",
          [
            { name: "T", type: attributeKinds.type, value: dataTypes.float },
            { name: "Tseed", type: attributeKinds.type, value: dataTypes.int32 },
            { name: "output_dtype", type: attributeKinds.type, value: dataTypes.int32 },
          ],
          [tf.cast(logits, "float32"), tf.scalar(numSamples, "int32"), tf.tensor1d(bits, "int32")],
        );
      });
    },
  });
}
