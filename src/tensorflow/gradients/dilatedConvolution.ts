import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../kernels/nodeKernels.ts";
import { replaceGradient, type Gradients } from "./replaceGradient.ts";

type Pair = [number, number];

/** The kernels of convolutions, and of their gradients by the picture and by the filter. */
const kernels = [
  { kernel: "Conv2D", input: "Conv2DBackpropInput", filter: "Conv2DBackpropFilter", depthwise: false },
  {
    kernel: "DepthwiseConv2dNative",
    input: "DepthwiseConv2dNativeBackpropInput",
    filter: "DepthwiseConv2dNativeBackpropFilter",
    depthwise: true,
  },
] as const;

/** Adds the gradients of convolutions whose filter looks at pixels that lie apart. */
export function differentiateDilatedConvolutions(): void {
  for (const names of kernels) {
    replaceGradient(names.kernel, (usual) => (dy, saved, attributes) => {
      if (!isDilated(attributes.dilations)) return usual(dy, saved, attributes);
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      if (attributes.dataFormat !== "NCHW")
        return gradientsOf(names, dy as tf.Tensor4D, x, filter, attributes);
      const { x: byPicture, filter: byFilter } = gradientsOf(
        ...([names, channelsLast(dy), channelsLast(x), filter, attributes] as const),
      );
      return { x: () => tf.transpose(byPicture!(), [0, 3, 1, 2]), filter: byFilter! };
    });
  }
}

/** Whether the pixels that a filter looks at lie apart. */
export function isDilated(dilations: unknown): boolean {
  return [dilations ?? 1].flat().some((dilation) => dilation !== 1);
}

function channelsLast(x: tf.Tensor): tf.Tensor4D {
  return tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]);
}

/**
 * Pixels that are looked at together lie a whole number of dilations apart: sorted by what is left of their place, they make several
 * smaller pictures, in which the same filter looks at neighbours. Of those there are gradients.
 */
function gradientsOf(
  { input, filter: byFilter, depthwise }: (typeof kernels)[number],
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { strides, dilations, pad, dimRoundingMode }: tf.NamedAttrMap,
): Gradients {
  const info = tf.backend_util.computeConv2DInfo(
    ...([x.shape, filter.shape, strides as Pair, dilations as Pair, pad as "same"] as const),
    ...([dimRoundingMode as "floor", depthwise] as const),
  );
  const { padInfo, inHeight, inWidth, outHeight, outWidth, dilationHeight, dilationWidth } = info;
  const apart: Pair = [dilationHeight, dilationWidth];
  const borders: [Pair, Pair] = [
    [padInfo.top, padInfo.bottom + missing(inHeight + padInfo.top + padInfo.bottom, dilationHeight)],
    [padInfo.left, padInfo.right + missing(inWidth + padInfo.left + padInfo.right, dilationWidth)],
  ];
  const ends: [Pair, Pair] = [
    [0, missing(outHeight, dilationHeight)],
    [0, missing(outWidth, dilationWidth)],
  ];
  const attributes = { strides: [1, 1], pad: "valid", dataFormat: "NHWC", dilations: [1, 1] };
  return {
    x: () => {
      const [batch, height, width, channels] = x.shape;
      const inputShape = [
        batch * dilationHeight * dilationWidth,
        (borders[0][0] + height + borders[0][1]) / dilationHeight,
        (borders[1][0] + width + borders[1][1]) / dilationWidth,
        channels,
      ];
      const small = { dy: tf.spaceToBatchND(dy, apart, ends), filter };
      return tf.batchToSpaceND(runKernel(input, small, { ...attributes, inputShape }), apart, borders);
    },
    filter: () =>
      runKernel(
        byFilter,
        { x: tf.spaceToBatchND(x, apart, borders), dy: tf.spaceToBatchND(dy, apart, ends) },
        { ...attributes, filterShape: filter.shape },
      ),
  };
}

/** How much is missing to a whole number of `unit`. */
function missing(length: number, unit: number): number {
  return (unit - (length % unit)) % unit;
}
