import assert from "node:assert/strict";
import { resultOf, runChild } from "./support/child.ts";

describe("WebAssembly's memory", () => {
  it("has an end, which is said in one line; what was there stays, and what is freed can be had again", () => {
    const code = `
      await tf.ready();
      const x = tf.ones([4]);
      const size = 500_000_000;
      const held = [];
      let message = "";
      // Without values: memory that nobody writes to costs the machine nothing.
      const take = () => held.push(tf.backend().write(null, [size], "float32"));
      try { for (let i = 0; i < 4; i++) take(); } catch (error) { message = error.message; }
      const count = held.length;
      for (const dataId of held) tf.backend().disposeData(dataId);
      take();
      console.log(JSON.stringify({ message, count, sum: x.sum().dataSync()[0] }));`;
    const found = resultOf(runChild(code, { env: { CONVOSCOPE_BACKEND: "wasm" } }));
    const { message, count, sum } = found as { message: string; count: number; sum: number };
    assert.match(
      message,
      /^wasm: expected 1\.9 GiB of memory for a tensor, found [\d.]+ GiB in all, too little of it free[^\n]*; take smaller/,
    );
    assert.deepEqual([count, sum], [2, 4]);
  });
});
