import assert from "node:assert/strict";
import { needTensorflowLibrary } from "../support/needTensorflow.ts";
import { needLinux } from "../support/needs.ts";
import { resultOf, runChild } from "./support/child.ts";

const load = `const { setThreads } = await import("${new URL("../../src/tensorflow/backend.ts", import.meta.url).href}");`;

/** Trains a convolutional network with dropout on shuffled examples and prints a digest of all its weights and losses. */
const training = `
  const { createHash } = await import("node:crypto");
  setRandomSeed(7);
  const x = tf.randomUniform([96, 12, 12, 3]);
  const y = tf.oneHot(tf.tensor1d(Array.from({ length: 96 }, (_, i) => i % 4), "int32"), 4);
  const model = tf.sequential({ layers: [
    tf.layers.conv2d({ inputShape: [12, 12, 3], filters: 16, kernelSize: 3, activation: "relu" }),
    tf.layers.batchNormalization(),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.dropout({ rate: 0.3 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 64, activation: "relu" }),
    tf.layers.dense({ units: 4, activation: "softmax" }),
  ] });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 32, verbose: 0 });
  const hash = createHash("sha256");
  for (const weight of model.getWeights()) hash.update(weight.dataSync());
  console.log(JSON.stringify([backend().threads, history.loss, hash.digest("hex")]));`;

describe("setThreads", function () {
  this.timeout(120_000);
  before(needTensorflowLibrary);

  it("of 1 makes two runs from one seed equal to the last bit", () => {
    const run = (): unknown => resultOf(runChild(`${load} setThreads(1); ${training}`));
    const first = run();
    assert.equal((first as [number])[0], 1);
    assert.deepEqual(run(), first);
  });

  it("does the same as TensorFlow's own variables", () => {
    const env = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1" };
    assert.deepEqual(
      resultOf(runChild(training, { env })),
      resultOf(runChild(`${load} setThreads(1); ${training}`)),
    );
  });

  it("decides how many threads TensorFlow starts", function () {
    needLinux.call(this);
    const count = `
      const { readdirSync } = await import("node:fs");
      const threads = () => readdirSync("/proc/self/task").length;
      const before = threads();
      tf.matMul(tf.ones([500, 500]), tf.ones([500, 500])).dispose();
      console.log(JSON.stringify(threads() - before));`;
    const [few, many] = [1, 8].map((n) => resultOf(runChild(`${load} setThreads(${String(n)}); ${count}`)));
    assert.ok((many as number) >= (few as number) + 7, `${String(few)} threads, then ${String(many)}`);
  });

  it("refuses what is no number of threads, and to change it when TensorFlow runs", () => {
    const found = resultOf(
      runChild(`${load}
        const attempt = (n) => { try { setThreads(n); return "done"; } catch (error) { return error.message; } };
        const first = [0, 1.5, 3].map(attempt);
        tf.ones([1]).dispose();
        console.log(JSON.stringify([...first, attempt(3), attempt(2)]));`),
    );
    assert.deepEqual(found, [
      "setThreads: expected a whole number from 1, found 0",
      "setThreads: expected a whole number from 1, found 1.5",
      "done",
      "done",
      "setThreads: expected to be called before the first tensor, found TensorFlow running with 3 threads; restart, and call it first",
    ]);
  });
});
