import assert from "node:assert/strict";
import { needBackend } from "../../support/needTensorflow.ts";
import { resultOf, runChild } from "../support/child.ts";

const helpers = `
  await tf.ready();
  /** How many tensors more there are when the collector has reported all that \`work\` has left behind. */
  async function left(work) {
    const before = tf.memory().numTensors;
    await work();
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return tf.memory().numTensors - before;
  }
`;

function measure(backendName: string, code: string): unknown {
  const env = { CONVOSCOPE_BACKEND: backendName, CONVOSCOPE_COLLECT: "" };
  return resultOf(runChild(helpers + code, { env, nodeArguments: ["--expose-gc"] }));
}

describe("tensors whose JavaScript object is collected", function () {
  this.timeout(120_000);
  for (const name of ["tensorflow", "wasm", "cpu"]) {
    it(`are freed (${name})`, function () {
      needBackend.call(this, name);
      const found = measure(
        name,
        `const counts = [
          await left(() => { for (let i = 0; i < 200; i++) tf.ones([10, 10]).add(i); }),
          await left(async () => { for (let i = 0; i < 20; i++) await tf.tensor([i]).data(); }),
          await left(() => { tf.valueAndGrads((x, w) => tf.conv2d(x, w, 1, "same").sum())([tf.ones([1, 8, 8, 2]), tf.ones([3, 3, 2, 2])]); }),
        ];
        console.log(JSON.stringify({ counts, bytes: tf.memory().numBytes }));`,
      );
      assert.deepEqual(found, { counts: [0, 0, 0], bytes: 0 });
    });

    it(`take their share only: data that others still hold stay (${name})`, function () {
      needBackend.call(this, name);
      const found = measure(
        name,
        `const held = {};
        const counts = [await left(() => {
          const x = tf.range(0, 4);
          Object.assign(held, { reshaped: x.reshape([2, 2]), clone: x.clone() });
        })];
        counts.push(await left(() => { held.clone = undefined; }));
        console.log(JSON.stringify({ counts, values: [...held.reshaped.dataSync()], data: tf.memory().numDataBuffers }));`,
      );
      assert.deepEqual(found, { counts: [2, -1], values: [0, 1, 2, 3], data: 1 });
    });

    it(`stay when they are variables or kept, and while a tidy or a gradient works with them (${name})`, function () {
      needBackend.call(this, name);
      const found = measure(
        name,
        `const kept = [];
        const counts = [await left(() => {
          tf.variable(tf.ones([3]), true, "forgotten");
          kept.push(tf.keep(tf.ones([3])).dataId);
        })];
        const w = tf.variable(tf.ones([1000]));
        const gradient = tf.tidy(() => {
          const grads = tf.grads((x) => {
            let y = x.mul(w);
            for (let i = 0; i < 200; i++) { y = y.relu().add(1); if (i % 50 === 0) globalThis.gc(); }
            return y.sum();
          })([tf.ones([1000])]);
          globalThis.gc();
          return grads[0].sum();
        });
        counts.push(gradient.dataSync()[0]);
        console.log(JSON.stringify(counts));`,
      );
      assert.deepEqual(found, [2, 1000]);
    });
  }

  it("leave what dispose has freed already alone", () => {
    const found = measure(
      "cpu",
      `const other = tf.ones([2]);
      const count = await left(() => { const x = other.reshape([1, 2]); x.dispose(); });
      console.log(JSON.stringify([count, ...other.dataSync()]));`,
    );
    assert.deepEqual(found, [0, 1, 1]);
  });

  it("are collected early when they hold much, without anybody asking", () => {
    const code = `
      await tf.ready();
      let most = 0;
      for (let i = 0; i < 60; i++) {
        tf.ones([1024, 1024, 25]);
        most = Math.max(most, tf.memory().numBytes);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      console.log(JSON.stringify(most / 2 ** 20));`;
    const env = { CONVOSCOPE_BACKEND: "", CONVOSCOPE_COLLECT: "" };
    const most = resultOf(runChild(code, { env })) as number;
    assert.ok(most < 3000, `${String(most)} MB of 6000 were held at once`);
  });

  const second = new URL("../../../src/tensorflow/memory/freeCollected.ts?second", import.meta.url).href;
  it("are freed by one owner where two copies of the library are loaded", () => {
    const found = measure(
      "cpu",
      `const { freeCollectedTensors } = await import("${second}");
      freeCollectedTensors();
      const held = {};
      const count = await left(() => { const x = tf.ones([2]); held.clone = x.clone(); });
      console.log(JSON.stringify([count, ...held.clone.dataSync()]));`,
    );
    assert.deepEqual(found, [1, 1, 1]);
  });
});
