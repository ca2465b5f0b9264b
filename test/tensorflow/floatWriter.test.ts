import assert from "node:assert/strict";
import { floatWriter } from "../../src/tensorflow/floatWriter.ts";
import { tf } from "../../src/tensorflow/tf.ts";

describe("floatWriter", () => {
  let usual: string;
  before(() => {
    tf.backend();
    usual = tf.getBackend();
  });
  afterEach(() => tf.setBackend(usual));

  for (const name of ["the usual backend", "cpu"]) {
    it(`writes a tensor piece by piece: ${name}`, async () => {
      if (name === "cpu") await tf.setBackend("cpu");
      const before = tf.memory().numTensors;
      const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);
      const writer = floatWriter([2, 100_000]);
      for (const [from, to] of [
        [0, 1],
        [1, 70_001],
        [70_001, 70_001],
        [70_001, 200_000],
      ] as const) {
        writer.write(bytes.subarray(from, to));
      }
      assert.equal(writer.count, 200_000);
      const tensor = writer.end();
      assert.equal(tensor.dtype, "float32");
      assert.deepEqual(tensor.shape, [2, 100_000]);
      assert.deepEqual(tensor.dataSync(), new Float32Array(bytes));
      tensor.dispose();
      assert.equal(tf.memory().numTensors, before);
    });

    it(`writes floats as they are: ${name}`, async () => {
      if (name === "cpu") await tf.setBackend("cpu");
      const writer = floatWriter([3]);
      writer.write(Float32Array.of(0.5));
      writer.write(Float32Array.of(-1.5, 1e30, 7));
      assert.equal(writer.count, 4);
      const tensor = writer.end();
      assert.deepEqual(tensor.dataSync(), Float32Array.of(0.5, -1.5, 1e30));
      tensor.dispose();
    });

    it(`writes nothing beyond the tensor, and counts on: ${name}`, async () => {
      if (name === "cpu") await tf.setBackend("cpu");
      const before = tf.memory().numTensors;
      const writer = floatWriter([3]);
      writer.write(Uint8Array.of(1, 2));
      writer.write(Uint8Array.of(3, 4, 5));
      writer.write(Uint8Array.of(6));
      assert.equal(writer.count, 6);
      writer.cancel();
      assert.equal(tf.memory().numTensors, before);
    });
  }
});
