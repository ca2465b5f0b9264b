import assert from "node:assert/strict";
import { backend } from "../../src/tensorflow/backend.ts";
import { tf } from "../../src/tensorflow/tf.ts";

describe("what WebAssembly has no kernel for", () => {
  let usual: string;
  before(() => {
    usual = backend().name;
  });
  after(() => tf.setBackend(usual));

  const cases: Record<string, () => tf.Tensor> = {
    "the gradient of gather": () =>
      tf.grad((x) =>
        tf
          .gather(x, tf.tensor1d([2, 0, 2], "int32"))
          .square()
          .sum(),
      )(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2])),
    einsum: () => tf.einsum("ij,jk->ik", tf.range(0, 6).reshape([2, 3]), tf.range(0, 12).reshape([3, 4])),
    unsortedSegmentSum: () =>
      tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([0, 1, 0, 1], "int32"), 2),
  };
  for (const [name, compute] of Object.entries(cases)) {
    it(`${name} is computed in JavaScript, and no tensor is left`, async () => {
      const values = (): number[] => tf.tidy(() => Array.from(compute().dataSync()));
      await tf.setBackend("cpu");
      const expected = values();
      await tf.setBackend("wasm");
      const before = tf.memory();
      assert.deepEqual(values(), expected);
      const { numTensors, numDataBuffers } = tf.memory();
      assert.deepEqual([numTensors, numDataBuffers], [before.numTensors, before.numDataBuffers]);
    });
  }

  it("strings are replaced", async () => {
    await tf.setBackend("wasm");
    tf.tidy(() => {
      const replaced = tf.string.staticRegexReplace(tf.tensor(["a1", "b22"]), "[0-9]+", "#");
      assert.deepEqual(Array.from(replaced.dataSync<"string">()), ["a#", "b#"]);
    });
  });

  it("a net with an embedding trains", async () => {
    await tf.setBackend("wasm");
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 10, outputDim: 4, inputLength: 3 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1, activation: "sigmoid" }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(0.5), loss: "binaryCrossentropy" });
    const x = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const y = tf.tensor2d([[0], [1]]);
    const { history } = await model.fit(x, y, { epochs: 10, verbose: 0 });
    assert.ok((history.loss!.at(-1) as number) < (history.loss![0] as number));
    model.dispose();
    tf.dispose([x, y]);
  });
});
