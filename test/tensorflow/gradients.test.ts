import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { needTensorflowLibrary } from "../support/needTensorflow.ts";
import { differentiable, unchecked } from "./differentiable/all.ts";
import { checkGradients } from "./support/checkGradients.ts";

describe("the gradient by finite differences of", () => {
  before(async function () {
    needTensorflowLibrary.call(this);
    await tf.setBackend("tensorflow");
  });

  for (const each of differentiable) {
    it([each.kernel, each.title ?? ""].join(" ").trim(), () => {
      checkGradients(each);
    });
  }

  it("nothing else: each kernel of the backend that has a gradient is in the list", () => {
    const known = tf
      .getKernelsForBackend("tensorflow")
      .map(({ kernelName }) => kernelName)
      .filter((name) => tf.getGradient(name) !== undefined);
    const listed = new Set([...differentiable.map(({ kernel }) => kernel), ...Object.keys(unchecked)]);
    assert.deepEqual(
      known.filter((name) => !listed.has(name)),
      [],
    );
  });
});
