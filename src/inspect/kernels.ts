import { InputError } from "../errors.ts";
import type { tf } from "../tensorflow/tf.ts";
import { layerSetting } from "./layerSetting.ts";

/** The weights of a layer as filters: `[filter][channel]` maps of `height` rows of `width` numbers each, one after the other. */
export interface Kernels {
  name: string;
  /** The name of the weight: `kernel`, or `depthwise_kernel` … */
  weight: string;
  filters: number;
  /** How many channels each filter looks at; 1 where each channel has filters of its own. */
  channels: number;
  height: number;
  width: number;
  values: Float32Array;
}

/**
 * Reads the kernel of a layer, whatever order its class keeps it in.
 *
 * @throws InputError for a layer that has none of one or two dimensions, or is not built
 */
export function readKernels(layer: tf.layers.Layer, who: string): Kernels {
  const inner = layerSetting(layer, "layer");
  if (layer.getClassName() === "TimeDistributed" && inner !== undefined) return readKernels(inner, who);
  const variable = layer.weights.find(
    ({ shape, originalName }) => shape.length >= 2 && originalName.includes("kernel"),
  );
  if (variable !== undefined && variable.shape.length > 4) {
    const found = `"${layer.name}" (${layer.getClassName()}) with a kernel [${variable.shape.join(", ")}]`;
    throw new InputError({
      who,
      expected: "kernels of one or two dimensions",
      found,
      fix: "see activations",
    });
  }
  if (variable === undefined) {
    const isBuilt = layer.weights.length > 0 || layer.built;
    throw new InputError({
      who,
      expected: "a layer with a kernel, such as a convolution",
      found: `"${layer.name}" (${layer.getClassName()})${isBuilt ? "" : ", which is not built"}`,
    });
  }
  const shape = variable.shape as number[];
  const stored = variable.read().dataSync() as Float32Array;
  const order = orderOf(layer.getClassName(), shape);
  const values = new Float32Array(order.filters * order.channels * order.height * order.width);
  let to = 0;
  for (let filter = 0; filter < order.filters; filter++) {
    for (let channel = 0; channel < order.channels; channel++) {
      for (let place = 0; place < order.height * order.width; place++) {
        values[to++] = stored[order.index(place, filter, channel)]!;
      }
    }
  }
  const { filters, channels, height, width } = order;
  const weight = variable.originalName.split("/").at(-1)!;
  return { name: layer.name, weight, filters, channels, height, width, values };
}

interface Order {
  filters: number;
  channels: number;
  height: number;
  width: number;
  index: (place: number, filter: number, channel: number) => number;
}

/** Where a number stands: kernels end in channels and filters, those of transposed convolutions in filters and channels. */
function orderOf(className: string, shape: readonly number[]): Order {
  const [first, second] = shape.slice(-2) as [number, number];
  const places = shape.slice(0, -2);
  const [height, width] = places.length === 2 ? (places as [number, number]) : [1, places[0] ?? 1];
  const size = { height, width };
  if (/^(Depthwise|Separable)/.test(className)) {
    // Each channel has `second` filters of its own: one after the other.
    return {
      ...size,
      filters: first * second,
      channels: 1,
      index: (place, filter) => place * first * second + filter,
    };
  }
  if (className.endsWith("Transpose")) {
    const index = (place: number, filter: number, channel: number): number =>
      (place * first + filter) * second + channel;
    return { ...size, filters: first, channels: second, index };
  }
  const index = (place: number, filter: number, channel: number): number =>
    (place * first + channel) * second + filter;
  return { ...size, filters: second, channels: first, index };
}
