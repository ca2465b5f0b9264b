import assert from "node:assert/strict";
import { principalComponents } from "../../src/inspect/principalComponents.ts";
import { assertClose, verdicts } from "./verdicts.ts";

const featuresOf = (rows: number[][]) => ({
  values: Float32Array.from(rows.flat()),
  count: rows.length,
  size: rows[0]!.length,
});

describe("principalComponents", () => {
  for (const [shape, count] of [
    ["tall", 40],
    ["wide", 7],
  ] as const) {
    it(`equals scikit-learn's PCA: ${shape}`, () => {
      const { points, ratios } = principalComponents(featuresOf(verdicts.features.slice(0, count)), 2);
      assertClose(points.flat(), verdicts.pca[shape].points.flat(), 1e-5);
      assertClose(ratios, verdicts.pca[shape].ratios, 1e-6);
    });
  }

  it("finds the few directions there are, and zeros besides", () => {
    const line = principalComponents(
      featuresOf([
        [1, 2],
        [2, 4],
        [3, 6],
      ]),
      2,
    );
    assertClose(line.ratios, [1, 0], 1e-9);
    assertClose(
      line.points.map(([, second]) => second!),
      [0, 0, 0],
      1e-6,
    );
    assert.deepEqual(
      principalComponents(
        featuresOf([
          [5, 5],
          [5, 5],
        ]),
        2,
      ).ratios,
      [0, 0],
    );
  });

  it("finds the largest of many directions", () => {
    const size = 400;
    const rows = Array.from({ length: 300 }, (_, i) =>
      Array.from(
        { length: size },
        (__, j) => Math.sin(i * 12.9898 + j * 78.233) * (j === 7 ? 40 : j === 9 ? 20 : 1),
      ),
    );
    const { points } = principalComponents(featuresOf(rows), 1);
    const mean = rows.reduce((sum, row) => sum + row[7]!, 0) / 300;
    const along = rows.map((row) => row[7]! - mean);
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const first = points.map(([value]) => value!);
    assert.ok(Math.abs(dot(first, along)) / Math.sqrt(dot(first, first) * dot(along, along)) > 0.9);
  });
});
