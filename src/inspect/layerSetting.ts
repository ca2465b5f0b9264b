import type { tf } from "../tensorflow/tf.ts";

/** The names of settings that layers of TensorFlow.js hide in their types, and what they hold there or in our own layers. */
interface Settings {
  kernelSize: readonly number[];
  poolSize: readonly number[];
  strides: readonly number[];
  dilationRate: readonly number[];
  /** How the border of a convolution is treated, or, of a layer that pads, how much on each side. */
  padding: "same" | "valid" | "causal" | Border;
  cropping: Border;
  size: number | readonly number[];
  interpolation: string;
  dataFormat: string;
  axis: number | readonly number[];
  axes: number | readonly number[];
  layer: tf.layers.Layer;
  /** Which one of `keras.ops`, where the layer is one of them. */
  operation: string;
  /** Whether it computes each number by itself. */
  isElementwise: boolean;
}

/** `2`, `[1, 2]` or `[[1, 2], [0, 1]]`. */
export type Border = number | readonly number[] | readonly (readonly number[])[];

/** Layers for sequences that are made of those for pictures, with one row. */
const withRow = /^(DepthwiseConv1D|SeparableConv1D|Conv1DTranspose)$/;
const alongPlaces = new Set<keyof Settings>(["kernelSize", "strides", "dilationRate"]);

/** A setting of a layer, `undefined` where it has none of this name. */
export function layerSetting<Name extends keyof Settings>(
  layer: tf.layers.Layer,
  name: Name,
): Settings[Name] | undefined {
  const holder = layer as unknown as Partial<Settings> & { settings?: Partial<Settings> };
  const value = holder[name] ?? holder.settings?.[name];
  if (!Array.isArray(value) || !alongPlaces.has(name) || !withRow.test(layer.getClassName())) return value;
  const ofSteps: unknown = value.slice(-1);
  return ofSteps as Settings[Name];
}

/** Whether the channels of what a layer takes stand before the places. */
export function channelsComeFirst(layer: tf.layers.Layer): boolean {
  return /first$/i.test(layerSetting(layer, "dataFormat") ?? "");
}
