import assert from "node:assert/strict";
import { backend } from "../../../src/tensorflow/backend.ts";
import { tf } from "../../../src/tensorflow/tf.ts";
import { needBackend } from "../../support/needTensorflow.ts";

describe("the values of a tensor", () => {
  let usual: string;
  before(() => {
    usual = backend().name;
  });
  after(() => tf.setBackend(usual));

  for (const name of ["tensorflow", "wasm", "cpu"]) {
    describe(`with ${name}`, () => {
      before(async function () {
        needBackend.call(this, name);
        await tf.setBackend(name);
      });

      const arrays = {
        float32: Float32Array.of(1, 2, 3),
        int32: Int32Array.of(1, 2, 3),
        bool: Uint8Array.of(1, 0, 1),
      };
      for (const [dtype, array] of Object.entries(arrays)) {
        it(`stay what they were when the ${dtype} array that they came from changes`, () => {
          const values = array.slice();
          const unused = tf.tensor(values, [3], dtype as tf.DataType);
          const inParts = tf.tensor(values.subarray(1), [2], dtype as tf.DataType);
          values.fill(0);
          const used = unused.clone();
          assert.deepEqual(Array.from(unused.dataSync()), Array.from(array));
          assert.deepEqual(Array.from(used.dataSync()), Array.from(array));
          assert.deepEqual(Array.from(inParts.dataSync()), Array.from(array.subarray(1)));
          tf.dispose([unused, used, inParts]);
        });
      }

      it("leave the array that they came from alone", () => {
        const values = Float32Array.of(1, 2, 3);
        const variable = tf.variable(tf.tensor(values));
        variable.assign(tf.tensor([7, 8, 9]));
        assert.deepEqual(Array.from(values), [1, 2, 3]);
        variable.dispose();
      });

      it("may be of any shape: none, one, and strings", () => {
        tf.tidy(() => {
          assert.deepEqual(Array.from(tf.tensor(new Float32Array(0), [0, 3]).dataSync()), []);
          assert.deepEqual(Array.from(tf.scalar(4).dataSync()), [4]);
          assert.deepEqual(Array.from(tf.tensor(["a", "bc"]).dataSync<"string">()), ["a", "bc"]);
        });
      });
    });
  }
});
