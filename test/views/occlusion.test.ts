import assert from "node:assert/strict";
import { tf } from "../../src/tensorflow/tf.ts";
import { occlusion } from "../../src/views/occlusion.ts";
import { logitsOf, network } from "./explained.ts";

describe("occlusion", () => {
  const image = tf.keep(tf.randomUniform<tf.Rank.R3>([8, 10, 3], 0, 1, "float32", 1));
  after(() => image.dispose());
  afterEach(() => tf.disposeVariables());

  it("is what a loop over patches gives", async () => {
    const model = network();
    const { data } = await occlusion(model, image, { classIndex: 2, patch: [3, 4], stride: 2, batchSize: 5 });
    assert.deepEqual([data.rows, data.columns], [[0, 2, 4, 5], [0, 2, 4, 6]]); // prettier-ignore
    const pixels = image.arraySync();
    const mean = image.mean([0, 1]).arraySync() as number[];
    const sums = new Float64Array(80);
    const counts = new Float64Array(80);
    data.rows.forEach((top, row) =>
      data.columns.forEach((left, column) => {
        const inside = (y: number, x: number) => y >= top && y < top + 3 && x >= left && x < left + 4;
        const covered = pixels.map((line, y) => line.map((color, x) => (inside(y, x) ? mean : color)));
        const drop = data.score - logitsOf(model, tf.tensor4d([covered]))[2]!;
        assert.ok(Math.abs(drop - data.drops.values[row * 4 + column]!) < 1e-4);
        for (let i = 0; i < 80; i++) {
          if (!inside(Math.floor(i / 10), i % 10)) continue;
          sums[i]! += drop;
          counts[i]! += 1;
        }
      }),
    );
    sums.forEach((sum, i) => assert.ok(Math.abs(sum / counts[i]! - data.map.values[i]!) < 1e-4));
  });
});
