import { tf } from "../tensorflow/tf.ts";
import { activationOf, callLinear } from "./head.ts";
import type { LayerCall, ModelGraph } from "./modelGraph.ts";
import type { Instead } from "./runGraph.ts";

/**
 * A way past the ReLU that ends in a slot: for a channel that is 0 everywhere, which has no slope, what comes before the ReLU. Other
 * channels are what they are.
 *
 * @returns what is done instead; empty where there is no ReLU
 */
export function pastSilence({ calls }: ModelGraph, slot: number): Map<LayerCall, Instead> {
  const call = calls.find(({ outputs }) => outputs.includes(slot));
  const parts = call && splitRelu(call.layer);
  if (call === undefined || parts === undefined) return new Map();
  const instead: Instead = (inputs, args) => {
    const before = parts.before(inputs, args) as tf.Tensor;
    const given = parts.relu(before);
    const places = given.shape.map((_, axis) => axis).slice(0, -1);
    // A step has a slope, of 0; comparisons have none and would stop the gradient.
    const silent = tf.sub(1, tf.step(given.max(places, true)));
    return given.add(before.mul(silent));
  };
  return new Map([[call, instead]]);
}

interface Parts {
  before: Instead;
  relu(before: tf.Tensor): tf.Tensor;
}

/** What a layer does before its ReLU, and that; undefined for a layer that does not end in one. */
function splitRelu(layer: tf.layers.Layer): Parts | undefined {
  if (layer.getClassName() === "ReLU") {
    return { before: (inputs) => inputs, relu: (values) => layer.apply(values) as tf.Tensor };
  }
  const activation = activationOf(layer) as (tf.serialization.Serializable & Activation) | undefined;
  if (activation === undefined || !/^relu6?$/.test(activation.getClassName())) return undefined;
  return { before: callLinear(layer), relu: (values) => activation.apply(values) };
}

interface Activation {
  apply(values: tf.Tensor): tf.Tensor;
}
