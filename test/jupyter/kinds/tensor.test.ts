import assert from "node:assert/strict";

import { tf } from "../../../src/index.ts";
import { textOf } from "../support.ts";

describe("tensors", () => {
  async function shown(make: () => ReturnType<typeof tf.tensor>): Promise<string> {
    const tensor = make();
    try {
      return await textOf(tensor);
    } finally {
      tensor.dispose();
    }
  }

  it("show shape, type and values, lined up", async () => {
    assert.equal(
      await shown(() => tf.range(0, 12).reshape([3, 4])),
      "Tensor [3, 4] float32\n[[ 0,  1,  2,  3],\n [ 4,  5,  6,  7],\n [ 8,  9, 10, 11]]",
    );
    assert.equal(
      await shown(() =>
        tf.tensor2d([
          [0.5, -1.25],
          [100, 0],
        ]),
      ),
      "Tensor [2, 2] float32\n[[  0.50,  -1.25],\n [100.00,   0.00]]",
    );
  });

  it("show a scalar, an empty one, strings, booleans and complex numbers", async () => {
    assert.equal(await shown(() => tf.scalar(3.5)), "Tensor [] float32\n3.5");
    assert.equal(await shown(() => tf.zeros([0, 3])), "Tensor [0, 3] float32\n[]");
    assert.equal(await shown(() => tf.tensor1d(["a", "b"])), 'Tensor [2] string\n["a", "b"]');
    assert.equal(await shown(() => tf.tensor1d([true, false], "bool")), "Tensor [2] bool\n[true, false]");
    assert.equal(await shown(() => tf.tensor1d([1, 2], "int32")), "Tensor [2] int32\n[1, 2]");
    assert.equal(
      await shown(() => tf.tidy(() => tf.complex([1, 2], [-1, 0.5]))),
      "Tensor [2] complex64\n[1-1i, 2+0.5i]",
    );
  });

  it("show what is not finite, and tiny numbers", async () => {
    assert.equal(
      await shown(() => tf.tensor1d([NaN, Infinity, -0])),
      "Tensor [3] float32\n[NaN, Infinity, -0]",
    );
    assert.equal(
      await shown(() => tf.tensor2d([[0.00012, 0.00004]])),
      "Tensor [1, 2] float32\n[[1.2000e-4, 4.0000e-5]]",
    );
  });

  it("show a corner of large ones", async () => {
    assert.equal(
      await shown(() => tf.range(0, 1000)),
      "Tensor [1000] float32\n[0, 1, 2, 3, 4, …, 995, 996, 997, 998, 999]",
    );
    const lines = (await shown(() => tf.range(0, 4800).reshape([20, 16, 15]))).split("\n");
    assert.equal(lines[0], "Tensor [20, 16, 15] float32");
    assert.equal(lines[1], "[[[   0,    1,    2, …,   12,   13,   14],");
    assert.equal(lines.at(-1), "  [4785, 4786, 4787, …, 4797, 4798, 4799]]]");
  });

  it("copy only the corner of huge ones, and leave no tensor behind", async () => {
    const huge = tf.range(0, 2_000_000).reshape([1000, 2000]);
    const before = tf.memory().numTensors;
    const text = await textOf(huge);
    assert.equal(tf.memory().numTensors, before);
    assert.equal(text.split("\n").at(1), "[[      0,       1,       2, …,    1997,    1998,    1999],");
    assert.equal(text.split("\n").at(-1), " [1998000, 1998001, 1998002, …, 1999997, 1999998, 1999999]]");
    huge.dispose();
  });

  it("say that they are variables, and that they are disposed", async () => {
    const variable = tf.variable(tf.ones([2]), true, "shown/kernel");
    assert.equal(await textOf(variable), 'Variable "shown/kernel" [2] float32\n[1, 1]');
    variable.dispose();
    assert.equal(await textOf(variable), 'Variable "shown/kernel" [2] float32, disposed');
  });

  it("are named by shape and type in lists and objects", async () => {
    const [a, b] = [tf.zeros([2, 3]), tf.scalar(1, "int32")];
    assert.equal(await textOf([a, b]), "[ Tensor [2, 3] float32, Tensor [] int32 ]");
    assert.equal(await textOf({ a, b }), "{ a: Tensor [2, 3] float32, b: Tensor [] int32 }");
    tf.dispose([a, b]);
  });
});

describe("a model of layers", () => {
  it("shows its summary", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], name: "out" })] });
    const text = await textOf(model);
    assert.match(text, /^out \(Dense\) .* 9/m);
    assert.match(text, /^Total params: 9$/m);
    model.dispose();
  });

  it("says why it has none yet", async () => {
    assert.match(await textOf(tf.sequential()), /^Sequential: Sequential model cannot be built/);
  });
});
