import { tf } from "../../tensorflow/tf.ts";

const product = (lengths: readonly number[]) => lengths.reduce((a, b) => a * b, 1);

/** Writes out the axes that an equation abbreviates by an ellipsis. */
function spellOut(equation: string, ranks: readonly number[]): { operands: string[]; result: string } {
  const [left, right = ""] = equation.replaceAll(" ", "").split("->");
  const operands = left!.split(",");
  const open = Math.max(
    0,
    ...operands.map((axes, index) => (axes.includes("...") ? ranks[index]! - (axes.length - 3) : 0)),
  );
  // Letters that no equation of Keras has.
  const letters = "ΑΒΓΔΕΖΗΘ";
  const write = (axes: string, count: number) => axes.replace("...", letters.slice(open - count, open));
  return {
    operands: operands.map((axes, index) => write(axes, ranks[index]! - (axes.length - 3))),
    result: write(right, open),
  };
}

/**
 * Sums products of two tensors as an equation says: `"abc,cd->abd"`. A product of matrices, so that it has a gradient on every
 * backend and is fast.
 *
 * @param equation a letter for each axis; an ellipsis stands for any leading ones; a letter occurs once in each operand
 */
export function contract(equation: string, one: tf.Tensor, other: tf.Tensor): tf.Tensor {
  const { operands, result } = spellOut(equation, [one.rank, other.rank]);
  const [left, right] = operands as [string, string];
  const lengths = new Map([
    ...[...left].map((axis, index) => [axis, one.shape[index]!] as const),
    ...[...right].map((axis, index) => [axis, other.shape[index]!] as const),
  ]);
  const isKept = (axis: string) => result.includes(axis);
  const batch = [...left].filter((axis) => right.includes(axis) && isKept(axis));
  const summed = [...left].filter((axis) => right.includes(axis) && !isKept(axis));
  const freeOf = (axes: string) => [...axes].filter((axis) => isKept(axis) && !batch.includes(axis));
  const [rows, columns] = [freeOf(left), freeOf(right)];
  const sizeOf = (axes: readonly string[]) => product(axes.map((axis) => lengths.get(axis)!));
  const matrices = (x: tf.Tensor, axes: string, first: string[], second: string[]) => {
    // What is in one operand only, and not in the result, is summed before.
    const lost = [...axes].flatMap((axis, index) =>
      [...batch, ...first, ...second].includes(axis) ? [] : [index],
    );
    const kept = [...axes].filter((_, index) => !lost.includes(index));
    const order = [...batch, ...first, ...second].map((axis) => kept.indexOf(axis));
    return (lost.length > 0 ? x.sum(lost) : x)
      .transpose(order)
      .reshape<tf.Tensor3D>([sizeOf(batch), sizeOf(first), sizeOf(second)]);
  };
  return tf.tidy(() => {
    const sums = tf.matMul(matrices(one, left, rows, summed), matrices(other, right, summed, columns));
    const axes = [...batch, ...rows, ...columns];
    return sums
      .reshape(axes.map((axis) => lengths.get(axis)!))
      .transpose([...result].map((axis) => axes.indexOf(axis)));
  });
}
