import { tf } from "../../../src/tensorflow/tf.ts";
import { as2d, as4d, pictures, positive, spread, type Differentiable } from "./differentiable.ts";

export const products: Differentiable[] = [
  ...[
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([a, b]): Differentiable => {
    const shapes = [a ? [3, 2] : [2, 3], b ? [4, 3] : [3, 4]];
    const title = [a && "the first transposed", b && "the second transposed"].filter(Boolean).join(", ");
    return {
      ...{ kernel: "BatchMatMul", title },
      inputs: shapes.map((shape) => spread(shape)),
      of: (x, y) => tf.matMul(as2d(x), as2d(y), a, b),
    };
  }),
  {
    ...{ kernel: "BatchMatMul", title: "of stacks" },
    inputs: [spread([2, 2, 3]), spread([2, 3, 2])],
    of: (x, y) => tf.matMul(x, y),
  },
  { kernel: "Softmax", inputs: [spread([3, 4])], of: (x) => tf.softmax(x) },
];

export const normalizations: Differentiable[] = [
  {
    kernel: "FusedBatchNorm",
    inputs: [pictures(), spread([2]), positive([2]), spread([2]), positive([2])],
    of: (x: tf.Tensor, ...statistics: tf.Tensor[]): tf.Tensor => {
      const [mean, variance, offset, scale] = statistics;
      const vector = (tensor: tf.Tensor | undefined) => tensor as tf.Tensor1D;
      return tf.batchNorm(as4d(x), vector(mean), vector(variance), vector(offset), vector(scale), 0.01);
    },
  },
  {
    kernel: "LRN",
    inputs: [spread([1, 2, 2, 4])],
    of: (x) => tf.localResponseNormalization(as4d(x), 1, 1, 0.5, 0.6),
  },
];
