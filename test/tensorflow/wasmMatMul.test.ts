import assert from "node:assert/strict";
import { backend } from "../../src/tensorflow/backend.ts";
import { tf } from "../../src/tensorflow/tf.ts";

describe("matMul with WebAssembly", () => {
  let usual: string;
  before(async () => {
    usual = backend().name;
    await tf.setBackend("wasm");
  });
  after(() => tf.setBackend(usual));

  /** a·b by its definition, where a stack of one serves all matrices of the other. */
  function product(a: number[][][], b: number[][][]): number[][][] {
    const count = Math.max(a.length, b.length);
    return Array.from({ length: count }, (_, n) => {
      const [left, right] = [a[n % a.length]!, b[n % b.length]!];
      return left.map((row) =>
        right[0]!.map((__, j) => row.reduce((sum, value, k) => sum + value * right[k]![j]!, 0)),
      );
    });
  }

  const turn = (stack: number[][][]): number[][][] =>
    stack.map((matrix) => matrix[0]!.map((_, j) => matrix.map((row) => row[j]!)));

  for (const [stackA, stackB] of [
    [1, 1],
    [3, 3],
    [1, 3],
    [3, 1],
  ] as const) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        it(`of ${stackA} and ${stackB} matrices${transposeA ? ", the first transposed" : ""}${transposeB ? ", the second transposed" : ""}`, () => {
          const fill = (count: number, rows: number, columns: number, seed: number): number[][][] =>
            Array.from({ length: count }, (_, n) =>
              Array.from({ length: rows }, (__, i) =>
                Array.from({ length: columns }, (___, j) => ((n * 5 + i * 3 + j * 7 + seed) % 11) - 5),
              ),
            );
          const [a, b] = [fill(stackA, 4, 6, 1), fill(stackB, 6, 5, 2)];
          const before = tf.memory().numTensors;
          const found = tf.tidy(() =>
            tf
              .matMul(
                tf.tensor3d(transposeA ? turn(a) : a),
                tf.tensor3d(transposeB ? turn(b) : b),
                transposeA,
                transposeB,
              )
              .arraySync(),
          );
          assert.deepEqual(found, product(a, b));
          assert.equal(tf.memory().numTensors, before);
        });
      }
    }
  }
});
