import { tf } from "../../../src/tensorflow/tf.ts";
import { quarters, spread, type Differentiable } from "./differentiable.ts";

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Functions of two values, with equal shapes and with shapes that are broadcast. */
function binary(kernel: string, of: Binary, { start = -0.68 } = {}): Differentiable[] {
  const row = (title: string, a: number[], b: number[]): Differentiable => ({
    ...{ kernel, title, of },
    inputs: [quarters(a, start), quarters(b, start + 0.125)],
  });
  return [
    row("", [2, 3], [2, 3]),
    row("with a row and a column", [1, 4], [3, 1]),
    row("with a scalar", [2, 3], []),
  ];
}

export const twoValues = [
  ...binary("Add", tf.add),
  // Its gradient is zero wherever there is one.
  ...binary("GreaterEqual", tf.greaterEqual),
  ...binary("Atan2", tf.atan2, { start: 0.32 }),
  ...binary("Maximum", tf.maximum),
  ...binary("Minimum", tf.minimum),
  // Seven and some by three: twice everywhere.
  { kernel: "Mod", inputs: [spread([2, 3], 7.2, 7.8), spread([1, 3], 2.9, 3.4)], of: tf.mod },
  ...binary("Multiply", tf.mul),
  ...binary("Pow", tf.pow, { start: 0.45 }),
  {
    ...{ kernel: "Prelu", title: "with one slope a channel", of: tf.prelu },
    inputs: [quarters([2, 4, 3], -2.93), spread([3])],
  },
  ...binary("RealDiv", tf.div, { start: 0.45 }),
  ...binary("SquaredDifference", tf.squaredDifference),
  ...binary("Sub", tf.sub),
  ...binary("FloorDiv", tf.floorDiv, { start: 0.45 }).map((row) => ({ ...row, like: tf.div })),
];
