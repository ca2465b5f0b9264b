import { tf } from "../../../src/tensorflow/tf.ts";
import { arrangements } from "../differentiable/arrangements.ts";
import { dilated } from "../differentiable/convolutions.ts";
import { twoValues } from "../differentiable/twoValues.ts";
import { checkGradients } from "../support/checkGradients.ts";

const corrected = ["Maximum", "Minimum", "SquaredDifference", "Cumsum", "MirrorPad"];

// gradients.test.ts has them on TensorFlow, with all others.
for (const name of ["wasm", "cpu"]) {
  describe(`on ${name}, the gradient by finite differences of`, () => {
    let usual: string;
    before(async () => {
      tf.backend();
      usual = tf.getBackend();
      await tf.setBackend(name);
    });
    after(() => tf.setBackend(usual));

    const rows = [...twoValues, ...arrangements].filter(({ kernel }) => corrected.includes(kernel));
    for (const each of [...rows, ...dilated]) {
      it([each.kernel, each.title ?? ""].join(" ").trim(), () => {
        checkGradients(each);
      });
    }
  });
}
