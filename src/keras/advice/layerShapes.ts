import type { BadInput } from "../../errors.ts";
import type { tf } from "../../tensorflow/tf.ts";

type Shape = readonly (number | null)[];

/** A shape as messages show it: `[batch, 12, 12, 32]`. */
export function showShape(shape: Shape): string {
  return `[${shape.map((length, axis) => length ?? (axis === 0 ? "batch" : "any")).join(", ")}]`;
}

const times = (lengths: readonly (number | null)[]) => lengths.map((length) => length ?? "any").join("x");

/** The settings of layers that look at a window of a map. */
interface Window {
  kernelSize?: number | readonly number[];
  poolSize?: number | readonly number[];
  dilationRate?: number | readonly number[];
  padding?: string;
  dataFormat?: string;
}

const each = (value: number | readonly number[], axes: number) =>
  typeof value === "number" ? Array.from({ length: axes }, () => value) : [...value];

/**
 * What is wrong with giving a map of this shape to a layer: a window with padding "valid" that is larger than the map leaves
 * nothing of it.
 *
 * @param layer a convolution or a pooling; others are never wrong
 * @param shape the incoming shape, with the batch
 */
export function adviseLayer(layer: tf.layers.Layer, shape: Shape): BadInput | undefined {
  if (/Transpose|Global/.test(layer.getClassName())) return undefined;
  const { kernelSize, poolSize, dilationRate = 1, padding, dataFormat } = layer.getConfig() as Window;
  const size = kernelSize ?? poolSize;
  if (size === undefined || padding !== "valid" || shape.length < 3) return undefined;
  const map = dataFormat === "channelsFirst" ? shape.slice(2) : shape.slice(1, -1);
  const dilation = each(dilationRate, map.length);
  const window = each(size, map.length).map((length, axis) => (length - 1) * dilation[axis]! + 1);
  if (map.every((length, axis) => length === null || length >= window[axis]!)) return undefined;
  const setting = kernelSize === undefined ? "poolSize" : "kernelSize";
  const smaller = kernelSize === undefined ? "fewer poolings" : "fewer convolutions and poolings";
  return {
    who: layer.name,
    expected: `maps of at least ${times(window)} for ${setting} ${times(each(size, map.length))} with padding "valid"`,
    found: `maps of ${times(map)}, ${showShape(shape)}`,
    fix: `use padding: "same", a smaller ${setting}, or ${smaller} before it`,
  };
}

/** The same for all layers of a model; the first that is wrong. Models inside it are looked into. */
export function adviseModel(model: tf.LayersModel): BadInput | undefined {
  for (const layer of model.layers) {
    if ("layers" in layer) {
      const inner = adviseModel(layer as unknown as tf.LayersModel);
      if (inner !== undefined) return inner;
    }
    for (const { inputShapes } of layer.inboundNodes) {
      // A layer of one input has its shape, one of several a list of them.
      const shapes = (Array.isArray(inputShapes[0]) ? inputShapes : [inputShapes]) as Shape[];
      const advice = shapes.length === 1 ? adviseLayer(layer, shapes[0]!) : undefined;
      if (advice !== undefined) return advice;
    }
  }
  return undefined;
}
