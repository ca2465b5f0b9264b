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

/** Maps with too many axes or too few: a dense layer's features, or pictures without channels. */
function adviseAxes(layer: tf.layers.Layer, shape: Shape, axes: number): BadInput | undefined {
  if (shape.length === axes + 2) return undefined;
  const sides = ["height", "width"].slice(0, axes);
  const names = axes > 2 ? ["depth", ...sides] : sides;
  const channels = shape.length === axes + 1 ? [...shape.slice(1), 1] : [...names, "channels"];
  const reshape = `tf.layers.reshape({ targetShape: [${channels.join(", ")}] })`;
  return {
    who: layer.name,
    expected: `maps [batch, ${names.join(", ")}, channels]`,
    found: showShape(shape),
    fix:
      shape.length === axes + 1
        ? `give inputShape with the channels, [${channels.join(", ")}], or add ${reshape} before it`
        : `put it before flatten() and dense layers, or add ${reshape} before it`,
  };
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, length) => size * length, 1);

/** A shape of another number of values. TensorFlow.js says so when the first batch comes. */
function adviseReshape(layer: tf.layers.Layer, shape: Shape): BadInput | undefined {
  if (layer.getClassName() !== "Reshape") return undefined;
  const { targetShape } = layer.getConfig() as { targetShape: number[] };
  const given = shape.slice(1);
  const isKnown = given.every((length) => length !== null) && targetShape.every((length) => length > 0);
  if (!isKnown || sizeOf(given) === sizeOf(targetShape)) return undefined;
  const expected = `a targetShape of ${sizeOf(given)} values for ${showShape(shape)}`;
  return { who: layer.name, expected, found: `${showShape(targetShape)} of ${sizeOf(targetShape)}` };
}

/**
 * What is wrong with giving a map of this shape to a layer: a window with padding "valid" that is larger than the map leaves
 * nothing of it; a reshape keeps the number of values.
 *
 * @param layer a convolution, a pooling or a reshape; others are never wrong
 * @param shape the incoming shape, with the batch
 */
export function adviseLayer(layer: tf.layers.Layer, shape: Shape): BadInput | undefined {
  const bad = adviseReshape(layer, shape);
  if (bad !== undefined) return bad;
  // Most layers have no window, and their settings may be long.
  const axes = /(?:Conv|Pooling)(\d)D$/.exec(layer.getClassName())?.[1];
  if (axes === undefined) return undefined;
  const badAxes = adviseAxes(layer, shape, Number(axes));
  if (badAxes !== undefined) return badAxes;
  const { kernelSize, poolSize, dilationRate = 1, padding, dataFormat } = layer.getConfig() as Window;
  const size = kernelSize ?? poolSize;
  if (size === undefined || padding !== "valid") return undefined;
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
