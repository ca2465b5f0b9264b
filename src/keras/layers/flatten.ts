import { tf } from "../../tensorflow/tf.ts";

interface Flatten {
  inputSpec: { minNDim: number }[];
  assertInputCompatibility(this: Flatten, inputs: unknown): void;
}

const prototype = Object.getPrototypeOf(tf.layers.flatten()) as Flatten;
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its layer below
const usual = prototype.assertInputCompatibility;

// As in Keras, vectors pass as they are: a head may follow a global pooling as well as a convolution. TensorFlow.js wants three axes.
prototype.assertInputCompatibility = function (inputs) {
  this.inputSpec = [{ minNDim: 2 }];
  usual.call(this, inputs);
};
