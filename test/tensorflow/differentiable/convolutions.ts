import { tf } from "../../../src/tensorflow/tf.ts";
import { as2d, as3d, as4d, as5d, pictures, spread, type Differentiable } from "./differentiable.ts";

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

function convolution(title: string, of: Binary, filter: number[], picture = pictures()): Differentiable {
  return { kernel: "Conv2D", title, inputs: [picture, spread(filter)], of };
}

export const convolutions: Differentiable[] = [
  convolution("valid", (x, w) => tf.conv2d(as4d(x), as4d(w), 1, "valid"), [3, 3, 2, 2]),
  convolution("same", (x, w) => tf.conv2d(as4d(x), as4d(w), 1, "same"), [3, 2, 2, 3]),
  convolution("with strides", (x, w) => tf.conv2d(as4d(x), as4d(w), [2, 1], "same"), [3, 3, 2, 2]),
  convolution("with a kernel of one", (x, w) => tf.conv2d(as4d(x), as4d(w), 1, "same"), [1, 1, 2, 3]),
  convolution(
    "along one axis",
    (x, w) => tf.conv1d(as3d(x), as3d(w), 1, "same"),
    [3, 2, 2],
    spread([2, 5, 2]),
  ),
  {
    ...{ kernel: "Conv2DBackpropInput", title: "(transposed convolution)" },
    inputs: [spread([1, 2, 2, 2]), spread([3, 3, 2, 2])],
    of: (x, w) => tf.conv2dTranspose(as4d(x), as4d(w), [1, 4, 4, 2], 2, "same"),
  },
  {
    kernel: "Conv3D",
    inputs: [spread([1, 3, 3, 3, 1]), spread([2, 2, 2, 1, 2])],
    of: (x, w) => tf.conv3d(as5d(x), as5d(w), 1, "same"),
  },
  ...[1, 2].map((strides): Differentiable => ({
    ...{ kernel: "DepthwiseConv2dNative", title: `with strides of ${strides}` },
    inputs: [pictures(), spread([3, 3, 2, 2])],
    of: (x, w) => tf.depthwiseConv2d(as4d(x), as4d(w), strides, "same"),
  })),
  {
    kernel: "Dilation2D",
    inputs: [spread([1, 4, 4, 1], -3, 3), spread([2, 2, 1], -0.5, 0.6)],
    of: (x, w) => tf.dilation2d(as4d(x), as3d(w), 1, "valid"),
  },
];

/** Those whose filter looks at pixels that lie apart. */
export const dilated: Differentiable[] = [
  ...(
    [
      ["valid", [2, 2]],
      ["same", [2, 2]],
      ["same", [3, 1]],
    ] as const
  ).flatMap(([pad, rates]): Differentiable[] => {
    const title = `dilated by ${rates.join()}, padding ${pad}`;
    const inputs = [spread([2, 6, 5, 2])];
    const rate: [number, number] = [...rates];
    return [
      {
        ...{ kernel: "Conv2D", title, inputs: [...inputs, spread([3, 2, 2, 3])] },
        of: (x, w) => tf.conv2d(as4d(x), as4d(w), 1, pad, "NHWC", rate),
      },
      {
        ...{ kernel: "DepthwiseConv2dNative", title, inputs: [...inputs, spread([3, 2, 2, 2])] },
        of: (x, w) => tf.depthwiseConv2d(as4d(x), as4d(w), 1, pad, "NHWC", rate),
      },
    ];
  }),
  {
    ...{ kernel: "Conv2D", title: "along one axis, dilated" },
    inputs: [spread([2, 8, 2]), spread([3, 2, 2])],
    of: (x, w) => tf.conv1d(as3d(x), as3d(w), 1, "same", "NWC", 2),
  },
  {
    ...{ kernel: "FusedConv2D", title: "dilated, with a bias" },
    inputs: [spread([1, 5, 5, 2]), spread([3, 3, 2, 2]), spread([2])],
    of: (x, filter, bias) =>
      tf.fused.conv2d({
        ...{ x: as4d(x), filter: as4d(filter), strides: 1, pad: "same", dilations: 2, bias },
      }),
  },
  {
    ...{ kernel: "FusedDepthwiseConv2D", title: "dilated, with a bias and elu" },
    inputs: [spread([1, 5, 5, 2]), spread([3, 3, 2, 1]), spread([2], -2.04, -0.04)],
    of: (x, filter, bias) =>
      tf.fused.depthwiseConv2d({
        ...{ x: as4d(x), filter: as4d(filter), strides: 1, pad: "same", dilations: 2, bias },
        activation: "elu",
      }),
  },
];

/** Fused with a bias and an activation, as layers use them at prediction. */
export const fused: Differentiable[] = [
  {
    ...{ kernel: "_FusedMatMul", title: "with bias and relu" },
    inputs: [spread([2, 3]), spread([3, 4]), spread([4], -0.75, 1.25)],
    of: (a, b, bias) => tf.fused.matMul({ a: as2d(a), b: as2d(b), bias, activation: "relu" }),
  },
  {
    ...{ kernel: "FusedConv2D", title: "with bias and relu" },
    inputs: [pictures(), spread([2, 2, 2, 2]), spread([2], -2.4, -0.4)],
    of: (x, filter, bias) =>
      tf.fused.conv2d({
        ...{ x: as4d(x), filter: as4d(filter), strides: 1, pad: "same", bias },
        activation: "relu",
      }),
  },
  {
    ...{ kernel: "FusedDepthwiseConv2D", title: "with bias and relu" },
    inputs: [pictures(), spread([2, 2, 2, 1]), spread([2], -2.04, -0.04)],
    of: (x, filter, bias) =>
      tf.fused.depthwiseConv2d({
        ...{ x: as4d(x), filter: as4d(filter), strides: 1, pad: "same", bias },
        activation: "relu",
      }),
  },
];
