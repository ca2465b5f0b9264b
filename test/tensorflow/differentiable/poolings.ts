import { tf } from "../../../src/tensorflow/tf.ts";
import { as4d, as5d, spread, type Differentiable } from "./differentiable.ts";

const wide = () => spread([1, 5, 5, 2], -4, 4);

export const poolings: Differentiable[] = [
  { kernel: "AvgPool", inputs: [wide()], of: (x) => tf.avgPool(as4d(x), 2, 2, "valid") },
  {
    kernel: "AvgPool",
    title: "overlapping, same",
    inputs: [wide()],
    of: (x) => tf.avgPool(as4d(x), 3, 2, "same"),
  },
  { kernel: "MaxPool", inputs: [wide()], of: (x) => tf.maxPool(as4d(x), 2, 2, "valid") },
  {
    kernel: "MaxPool",
    title: "overlapping, same",
    inputs: [wide()],
    of: (x) => tf.maxPool(as4d(x), 3, 2, "same"),
  },
  {
    kernel: "AvgPool3D",
    inputs: [spread([1, 3, 3, 3, 1], -3, 3)],
    of: (x) => tf.avgPool3d(as5d(x), 2, 1, "same"),
  },
  {
    kernel: "MaxPool3D",
    inputs: [spread([1, 3, 3, 3, 1], -3, 3)],
    of: (x) => tf.maxPool3d(as5d(x), 2, 1, "same"),
  },
  ...(
    [
      ["", false, false],
      ["with aligned corners", true, false],
      ["with centres of pixels", false, true],
    ] as const
  ).flatMap(([title, alignCorners, halfPixelCenters]): Differentiable[] => {
    const inputs = [spread([1, 3, 3, 2])];
    return [
      {
        ...{ kernel: "ResizeBilinear", title, inputs },
        of: (x) => tf.image.resizeBilinear(as4d(x), [5, 4], alignCorners, halfPixelCenters),
      },
      {
        ...{ kernel: "ResizeNearestNeighbor", title, inputs },
        of: (x) => tf.image.resizeNearestNeighbor(as4d(x), [5, 4], alignCorners, halfPixelCenters),
      },
    ];
  }),
];
