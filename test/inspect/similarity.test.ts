import assert from "node:assert/strict";
import { alignment, gramOf } from "../../src/inspect/similarity.ts";
import { tf } from "../../src/tensorflow/tf.ts";
import { verdicts } from "./verdicts.ts";

describe("alignment", () => {
  const gram = (rows: number[][]) => {
    const tensor = tf.tensor2d(rows);
    const found = gramOf(tensor);
    tensor.dispose();
    return found;
  };

  it("equals linear CKA in NumPy", () => {
    const features = gram(verdicts.features);
    for (const name of ["other", "noise"] as const) {
      assert.ok(Math.abs(alignment(features, gram(verdicts[name])) - verdicts.cka[name]) < 1e-5);
    }
    assert.ok(Math.abs(alignment(features, features) - 1) < 1e-6);
  });

  it("is blind to a factor, a shift and an exchange of features", () => {
    const other = verdicts.features.map((row) => row.map((value) => 3 * value + 1).reverse());
    assert.ok(Math.abs(alignment(gram(verdicts.features), gram(other)) - 1) < 1e-5);
  });

  it("is NaN where a layer gives the same for all pictures", () => {
    assert.ok(Number.isNaN(alignment(gram(verdicts.features.map(() => [1, 2])), gram(verdicts.features))));
  });

  it("leaves no tensor", () => {
    const before = tf.memory().numTensors;
    gram(verdicts.features);
    assert.equal(tf.memory().numTensors, before);
  });
});
