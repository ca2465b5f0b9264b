import { tf } from "../../tensorflow/tf.ts";

// Keras 3's; TensorFlow.js' `hardSigmoid` is Keras 2's, which is 0.2 x + 0.5 between 0 and 1.
export const hardSigmoid = (x: tf.Tensor): tf.Tensor => x.add(3).clipByValue(0, 6).div(6);
export const hardSilu = (x: tf.Tensor): tf.Tensor => x.mul(hardSigmoid(x));

/** Functions of Keras 3 that TensorFlow.js has not, as `keras.activations` defines them, under the names that layers take. */
const functions: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  exponential: (x) => x.exp(),
  celu: (x) => x.relu().add(x.minimum(0).expm1()),
  hardSigmoid3: hardSigmoid,
  hardSilu,
  hardTanh: (x) => x.clipByValue(-1, 1),
  hardShrink: (x) => tf.where(x.abs().greater(0.5), x, tf.zerosLike(x)),
  softShrink: (x) => x.sub(x.clipByValue(-0.5, 0.5)),
  tanhShrink: (x) => x.sub(x.tanh()),
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  logSigmoid: (x) => tf.softplus(x.neg()).neg(),
  squareplus: (x) => x.add(x.square().add(4).sqrt()).div(2),
  sparsePlus: (x) => tf.where(x.abs().less(1), x.add(1).square().div(4), x.relu()),
  sparseSigmoid: (x) => x.add(1).div(2).clipByValue(0, 1),
};

for (const [className, apply] of Object.entries(functions)) {
  const activation = class extends tf.serialization.Serializable {
    static readonly className = className;
    apply(x: tf.Tensor): tf.Tensor {
      return tf.tidy(() => apply(x));
    }
    getConfig(): tf.serialization.ConfigDict {
      return {};
    }
  };
  tf.serialization.registerClass(activation);
}

/** Their names in Keras' spelling. */
export const activationNames: readonly string[] = Object.keys(functions);
