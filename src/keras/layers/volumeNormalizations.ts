import { tf } from "../../tensorflow/tf.ts";
import { only, type Kwargs } from "./kerasLayer.ts";

type Call = (inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs) => tf.Tensor;

/** What the normalizations of TensorFlow.js have, and its types hide. */
interface Normalization extends tf.layers.Layer {
  axis: number | number[];
  momentum: number;
  epsilon: number;
  gamma?: tf.LayerVariable | null;
  beta?: tf.LayerVariable | null;
  /** Of batch normalization only. */
  movingMean?: tf.LayerVariable;
  movingVariance?: tf.LayerVariable;
}

/** Moves a statistic towards the batch's. */
function move(statistic: tf.LayerVariable, value: tf.Tensor, momentum: number): void {
  const before = statistic.read();
  statistic.write(before.sub(before.sub(value.reshape(before.shape)).mul(1 - momentum)));
}

/** Mean and variance of each channel: the batch's, or those that the layer has learnt; of the rank of `x`. */
function channelMoments(
  { movingMean, movingVariance, momentum }: Normalization,
  x: tf.Tensor,
  channels: number,
  learns: boolean,
): { mean: tf.Tensor; variance: tf.Tensor } {
  if (!learns) {
    const wide = x.shape.map((length, axis) => (axis === channels ? length : 1));
    return { mean: movingMean!.read().reshape(wide), variance: movingVariance!.read().reshape(wide) };
  }
  const places = x.shape.flatMap((_, axis) => (axis === channels ? [] : [axis]));
  const { mean, variance } = tf.moments(x, places, true);
  move(movingMean!, mean, momentum);
  move(movingVariance!, variance, momentum);
  return { mean, variance };
}

function normalize(layer: Normalization, x: tf.Tensor, kwargs: Kwargs): tf.Tensor {
  const axes = [layer.axis].flat().map((axis) => (axis < 0 ? axis + x.rank : axis));
  const wide = (value: tf.Tensor) =>
    value.reshape(x.shape.map((length, axis) => (axes.includes(axis) ? length : 1)));
  const { mean, variance } = layer.movingMean
    ? channelMoments(layer, x, axes[0]!, kwargs.training === true)
    : tf.moments(x, axes, true);
  const normal = x.sub(mean).div(variance.add(layer.epsilon).sqrt());
  const scaled = layer.gamma ? normal.mul(wide(layer.gamma.read())) : normal;
  return layer.beta ? scaled.add(wide(layer.beta.read())) : scaled;
}

/** Lets a normalization take volumes and sequences of pictures: TensorFlow.js' take no more than four axes. */
function takeVolumes(layer: tf.layers.Layer): void {
  const prototype = Object.getPrototypeOf(layer) as { call: Call };
  const usual = prototype.call;
  prototype.call = function (this: Normalization, inputs, kwargs) {
    const x = only(inputs);
    return x.rank > 4 ? tf.tidy(() => normalize(this, x, kwargs)) : usual.call(this, inputs, kwargs);
  };
}

takeVolumes(tf.layers.batchNormalization({}));
takeVolumes(tf.layers.layerNormalization({}));
