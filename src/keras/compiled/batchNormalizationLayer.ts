import { batchNormalization } from "../../tensorflow/kernels/batchNormalization.ts";
import { currentRuntime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";

interface LayerVariable {
  read(): tf.Tensor1D;
  write(value: tf.Tensor): void;
}

interface BatchNormalization extends tf.layers.Layer {
  axis: number;
  momentum: number;
  epsilon: number;
  gamma?: LayerVariable;
  beta?: LayerVariable;
  movingMean: LayerVariable;
  movingVariance: LayerVariable;
}

/** Moves a statistic towards the batch's. */
function move(statistic: LayerVariable, value: tf.Tensor, momentum: number): void {
  const before = statistic.read();
  statistic.write(tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)));
}

/** By moving statistics, without a scale. TensorFlow.js' own way has no gradient then: it wants to keep the scale for it. */
function normalizeUnscaled(layer: BatchNormalization, x: tf.Tensor): tf.Tensor {
  const { movingMean, movingVariance, beta, epsilon } = layer;
  return tf.tidy(() => {
    const [mean, variance] = [movingMean.read(), movingVariance.read()];
    return tf.batchNorm(x, mean, variance, beta?.read(), tf.onesLike(mean), epsilon);
  });
}

/**
 * Lets batch normalisation be one operation in training, forward and backward, where its channels are the last axis. A frozen
 * layer uses its moving statistics in training too, as in Keras; TensorFlow.js would go on moving them.
 */
export function installBatchNormalization(): void {
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization({})) as BatchNormalization;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its layer below
  const usual = prototype.call;
  prototype.call = function (this: BatchNormalization, inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    const isLast = this.axis === -1 || this.axis === x.rank - 1;
    const learns = this.trainable && kwargs.training === true;
    const isVolume = x.rank > 4;
    if (!learns && isLast && !isVolume && !this.gamma) return normalizeUnscaled(this, x);
    if (!learns || !isLast || isVolume || currentRuntime() === undefined)
      return usual.call(this, inputs, { ...kwargs, training: learns });
    return tf.tidy(() => {
      const channels = x.shape.at(-1)!;
      const gamma = this.gamma?.read() ?? tf.ones<tf.Rank.R1>([channels]);
      const beta = this.beta?.read() ?? tf.zeros<tf.Rank.R1>([channels]);
      const { y, mean, variance } = batchNormalization(x, gamma, beta, this.epsilon);
      move(this.movingMean, mean, this.momentum);
      move(this.movingVariance, variance, this.momentum);
      tf.dispose([mean, variance]);
      return y;
    });
  };
}
