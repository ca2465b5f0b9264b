import assert from "node:assert/strict";
import { calibrate } from "../../src/inspect/calibration.ts";
import { assertClose, verdicts } from "./verdicts.ts";

describe("calibrate", () => {
  it("equals scikit-learn's curve and NumPy's error", () => {
    const { truth, scores, predicted, calibration: expected } = verdicts;
    const confidences = scores.map((row) => Math.max(...row));
    const found = calibrate(
      confidences,
      truth.map((label, i) => label === predicted[i]),
      10,
    );
    assert.deepEqual(
      found.bins.map(({ count }) => count),
      expected.sizes,
    );
    const filled = found.bins.filter(({ count }) => count > 0);
    assertClose(
      filled.map(({ accuracy }) => accuracy),
      expected.accuracy,
      1e-12,
    );
    assertClose(
      filled.map(({ confidence }) => confidence),
      expected.confidence,
      1e-12,
    );
    assertClose([found.ece, found.mce], [expected.ece, expected.mce], 1e-12);
  });

  it("counts a confidence on a border to the lower bin, 0 to the first and 1 to the last", () => {
    const { bins } = calibrate([0, 0.25, 0.5, 1], [true, true, true, true], 4);
    assert.deepEqual(
      bins.map(({ count }) => count),
      [2, 1, 0, 1],
    );
  });
});
