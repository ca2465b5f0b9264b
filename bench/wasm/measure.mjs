// Training without TensorFlow: the convolutional net of the courses (130,394 parameters) on WebAssembly, for more and more batches of
// 32. Processor time, so that a busy machine does not count; the cost of an image must stay the same.
import { runNode } from "../python.mjs";
import { median, spread } from "../statistics.mjs";

export async function measureWasm({ batches = [20, 40, 80, 160], rounds = 3 } = {}) {
  const found = await runNode("bench/wasm/train.mjs", [JSON.stringify({ batches, rounds })]);
  const costs = found.map(({ processor }) => median(processor));
  return [
    ...found.map(
      ({ count, processor, wall }) =>
        `wasm, ${count} batches of 32: ${spread(processor, " ms an image")} of processor time, ${median(wall).toFixed(2)} ms by the clock`,
    ),
    `wasm, an image of ${batches.at(-1)} batches against one of ${batches[0]}: ratio ${(costs.at(-1) / costs[0]).toFixed(2)}`,
  ];
}
