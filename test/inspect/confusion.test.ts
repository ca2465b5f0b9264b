import assert from "node:assert/strict";
import { countConfusion, normalizeConfusion, reportClasses } from "../../src/inspect/confusion.ts";
import { assertClose, verdicts } from "./verdicts.ts";

describe("countConfusion", () => {
  const counts = countConfusion(verdicts.truth, verdicts.predicted, 4);

  it("counts as scikit-learn does", () => assert.deepEqual(counts, verdicts.confusion.None));

  for (const way of ["true", "pred", "all"] as const) {
    it(`is divided as scikit-learn does: ${way}`, () =>
      assertClose(normalizeConfusion(counts, way).flat(), verdicts.confusion[way].flat(), 1e-12));
  }

  it("reports recall, precision and F1 as scikit-learn does", () => {
    const report = reportClasses(counts, ["a", "b", "c", "d"]);
    for (const figure of ["support", "recall", "precision", "f1"] as const) {
      const found = report.map((row) => (Number.isNaN(row[figure]) ? -1 : row[figure]));
      assertClose(
        found,
        verdicts.report[figure].map((value) => value ?? -1),
        1e-12,
      );
    }
  });
});
