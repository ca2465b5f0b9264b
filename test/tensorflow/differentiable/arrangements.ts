import { tf } from "../../../src/tensorflow/tf.ts";
import { positive, spread, type Differentiable } from "./differentiable.ts";

/** Functions that make an axis shorter. */
function reduction(
  kernel: string,
  of: (x: tf.Tensor, axis?: number) => tf.Tensor,
  input = spread([2, 3, 2]),
) {
  return [
    { kernel, title: "of all", inputs: [input], of: (x: tf.Tensor) => of(x) },
    { kernel, title: "along an axis", inputs: [input], of: (x: tf.Tensor) => of(x, 1) },
  ];
}

export const reductions = [
  ...reduction("Max", tf.max),
  ...reduction("Mean", tf.mean),
  ...reduction("Min", tf.min),
  ...reduction("Prod", tf.prod, positive([2, 3, 2])),
  ...reduction("Sum", tf.sum),
];

export const arrangements: Differentiable[] = [
  { kernel: "AddN", inputs: [spread([2, 3]), spread([2, 3]), positive([2, 3])], of: (...x) => tf.addN(x) },
  {
    kernel: "BatchToSpaceND",
    inputs: [spread([4, 2, 2, 1])],
    of: (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
  },
  {
    kernel: "SpaceToBatchND",
    inputs: [spread([1, 3, 4, 2])],
    of: (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 1],
          [0, 0],
        ],
      ),
  },
  { kernel: "Concat", inputs: [spread([2, 3]), spread([2, 1])], of: (...x) => tf.concat(x, 1) },
  { kernel: "Cumsum", inputs: [spread([2, 4])], of: (x) => tf.cumsum(x, 1) },
  {
    kernel: "Cumsum",
    title: "exclusive, from the end",
    inputs: [spread([2, 4])],
    of: (x) => tf.cumsum(x, 1, true, true),
  },
  {
    kernel: "Cumsum",
    title: "along the first axis",
    inputs: [spread([2, 4])],
    of: (x) => tf.cumsum(x, 0),
  },
  { kernel: "ExpandDims", inputs: [spread([2, 3])], of: (x) => tf.expandDims(x, 1) },
  {
    kernel: "GatherV2",
    inputs: [spread([4, 3])],
    of: (x) => tf.gather(x, tf.tensor1d([3, 0, 3, 1], "int32")),
  },
  {
    kernel: "GatherV2",
    title: "along the last axis",
    inputs: [spread([2, 4])],
    of: (x) => tf.gather(x, tf.tensor1d([2, 2, 0], "int32"), 1),
  },
  ...(["reflect", "symmetric"] as const).map((mode): Differentiable => ({
    ...{ kernel: "MirrorPad", title: mode, inputs: [spread([3, 4])] },
    of: (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [0, 3],
        ],
        mode,
      ),
  })),
  { kernel: "Pack", inputs: [spread([2, 3]), spread([2, 3])], of: (...x) => tf.stack(x, 1) },
  {
    kernel: "PadV2",
    inputs: [spread([2, 3])],
    of: (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ),
  },
  { kernel: "Reshape", inputs: [spread([2, 6])], of: (x) => tf.reshape(x, [3, 4]) },
  { kernel: "Reverse", inputs: [spread([2, 3, 2])], of: (x) => tf.reverse(x, [0, 2]) },
  {
    kernel: "Select",
    inputs: [spread([2, 3]), spread([2, 3])],
    of: (a, b) => tf.where(tf.tensor2d([1, 0, 1, 0, 0, 1], [2, 3], "bool"), a, b),
  },
  { kernel: "Slice", inputs: [spread([3, 4])], of: (x) => tf.slice(x, [1, 0], [2, 3]) },
  { kernel: "SplitV", inputs: [spread([2, 6])], of: (x) => tf.split(x, [1, 3, 2], 1) },
  { kernel: "Tile", inputs: [spread([2, 3])], of: (x) => tf.tile(x, [2, 3]) },
  { kernel: "Transpose", inputs: [spread([2, 3, 2])], of: (x) => tf.transpose(x, [2, 0, 1]) },
  { kernel: "Unpack", inputs: [spread([3, 2])], of: (x) => tf.unstack(x, 1) },
  {
    kernel: "UnsortedSegmentSum",
    inputs: [spread([4, 2])],
    of: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1, 2], "int32"), 3),
  },
];
