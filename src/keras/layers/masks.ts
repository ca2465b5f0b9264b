import { tf } from "../../tensorflow/tf.ts";
import type { Kwargs } from "./kerasLayer.ts";

/** Where TensorFlow.js leaves which steps of a tensor count; its types hide it. */
interface Masked {
  kerasMask?: tf.Tensor | null;
}

/** Which steps of a tensor count: true for those that do, `[batch, steps]`; undefined where all do. */
export function maskOf(tensor: tf.Tensor): tf.Tensor | undefined {
  const { kerasMask: mask } = tensor as Masked;
  return mask && !mask.isDisposed ? mask : undefined;
}

/** The masks of a layer's inputs, each by itself, where there are any. */
export function masksOf(inputs: readonly tf.Tensor[]): tf.Tensor[] | undefined {
  const masks = inputs.map((input) => maskOf(input) ?? null);
  return masks.some((mask) => mask !== null) ? (masks as tf.Tensor[]) : undefined;
}

/** Says which steps of a layer's results count. A tensor has a mask of its own: TensorFlow.js frees it with the tensor. */
export function leaveMasks(layer: tf.layers.Layer, inputs: readonly tf.Tensor[], results: tf.Tensor[]): void {
  const given = masksOf(inputs);
  const masks = [layer.computeMask([...inputs], given)].flat() as (tf.Tensor | null)[];
  results.forEach((result, index) => {
    const mask = masks[index] ?? null;
    const isNew = mask !== null && !given?.includes(mask) && masks.indexOf(mask) === index;
    // Kept, so that it outlives the scope of a model inside another one.
    (result as Masked).kerasMask = mask && tf.keep(isNew ? mask : mask.clone());
  });
}

/** The mask that a layer is told: that of the call, else that of its first input. Models pass those of their inputs on themselves. */
export function maskForCall(
  layer: tf.layers.Layer,
  inputs: readonly tf.Tensor[],
  { mask, ...kwargs }: Kwargs,
): Kwargs {
  const [first] = inputs;
  const known = mask ?? (first && maskOf(first));
  if (!known) return kwargs;
  if (!("layers" in layer)) return { ...kwargs, mask: known };
  const [own] = [known as tf.Tensor].flat();
  if (!maskOf(first!)) (first as Masked).kerasMask = tf.keep(own!.clone());
  return kwargs;
}
