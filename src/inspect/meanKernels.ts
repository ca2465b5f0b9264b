import type { tf } from "../tensorflow/tf.ts";
import { readKernels } from "./kernels.ts";

/** The kernels of a convolution, one map for each channel it gives. */
export interface MeanKernels {
  height: number;
  width: number;
  /** Over how many channels of the input each is averaged. */
  inputs: number;
  /** One kernel after the other. */
  values: Float32Array;
}

const convolutions = new Set(["Conv2D", "Conv2DTranspose", "DepthwiseConv2D"]);

/** The kernels of a layer, averaged over the channels they read; undefined for a layer without. */
export function meanKernels(layer: tf.layers.Layer, who: string): MeanKernels | undefined {
  if (!convolutions.has(layer.getClassName())) return undefined;
  const { filters, channels: inputs, height, width, values: all } = readKernels(layer, who);
  const size = height * width;
  const values = new Float32Array(filters * size);
  all.forEach((value, i) => {
    const filter = Math.floor(i / (inputs * size));
    values[filter * size + (i % size)]! += value / inputs;
  });
  return { height, width, inputs, values };
}
