import { tf } from "../../tensorflow/tf.ts";

type Layer = tf.layers.Layer;

/** How often layers with a seed have drawn: in variables, which a compiled step counts on by itself. */
const drawn = new WeakMap<Layer, tf.Variable>();
/** The same of draws in JavaScript. */
const drawnInScript = new WeakMap<Layer, number>();

/** The seed of a layer's next draw in TensorFlow, two int32: the layer's own and the number of the draw. To be called in a tidy. */
export function nextSeed(layer: Layer, seed: number): tf.Tensor1D {
  // Of float32, because TensorFlow keeps no variables of int32 on a GPU; it counts to 16 million.
  let count = drawn.get(layer);
  if (count === undefined) drawn.set(layer, (count = tf.scalar(0).variable(false)));
  const number = tf.cast(count, "int32");
  count.assign(tf.add(count, 1));
  return tf.add(tf.tensor1d([seed | 0, 0], "int32"), tf.mul(tf.tensor1d([0, 1], "int32"), number));
}

/** The seed of a layer's next draw in JavaScript; that of the first is the layer's own, as in TensorFlow.js. */
export function nextScriptSeed(layer: Layer, seed: number): number {
  const count = drawnInScript.get(layer) ?? 0;
  drawnInScript.set(layer, count + 1);
  return seed + count / 2 ** 30;
}

/** Lets layers free what they count in, with their weights. */
export function freeCountsWithWeights(): void {
  const prototype = tf.layers.Layer.prototype as unknown as Layer & { disposeWeights(): number };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its layer below
  const { disposeWeights } = prototype;
  prototype.disposeWeights = function (this: Layer) {
    drawn.get(this)?.dispose();
    drawn.delete(this);
    return disposeWeights.call(this);
  };
}
