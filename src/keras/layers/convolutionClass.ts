import { tf } from "../../tensorflow/tf.ts";

type TfjsArgs = Parameters<typeof tf.layers.conv2d>[0];

/** What the convolutions of TensorFlow.js have, and its types hide. */
export interface Internals {
  kernelSize: number[];
  strides: number[];
  dilationRate: number[];
  padding: "valid" | "same";
  dataFormat: "channelsFirst" | "channelsLast";
  filters: number;
  kernel: tf.LayerVariable;
  bias: tf.LayerVariable | null;
  /** Of our transposed convolutions only. */
  outputPadding?: number[] | null;
  activation: { apply(x: tf.Tensor): tf.Tensor };
}

/** A convolution's settings, with those of Keras that TensorFlow.js has not. */
export interface ConvolutionArgs extends Omit<TfjsArgs, "kernelSize" | "strides" | "dilationRate"> {
  kernelSize: number | number[];
  strides?: number | number[];
  dilationRate?: number | number[];
  /** Parts into which the channels are divided; each goes into as large a part of the filters. Default 1. */
  groups?: number;
  /** How many filters each channel has, in the layers that work on each channel. Default 1. */
  depthMultiplier?: number;
}

export type ConvolutionClass<Args = ConvolutionArgs> = new (args: Args) => tf.layers.Layer;
export type DepthwiseArgs = Omit<ConvolutionArgs, "filters" | "groups">;

export type TfjsClass = (new (args: object) => tf.layers.Layer & Internals) &
  Pick<tf.serialization.SerializableConstructor<tf.layers.Layer>, "fromConfig">;

/** The class that TensorFlow.js, or one of our files that came before, has registered under a name. */
export const tfjsClass = (name: string): TfjsClass =>
  tf.serialization.SerializationMap.getMap().classNameMap[name]![0] as unknown as TfjsClass;
