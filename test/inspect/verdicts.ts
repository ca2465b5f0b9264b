import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { InputError } from "../../src/errors.ts";

interface Verdicts {
  truth: number[];
  scores: number[][];
  predicted: number[];
  confusion: Record<"None" | "true" | "pred" | "all", number[][]>;
  report: Record<"support" | "recall" | "precision" | "f1", (number | null)[]>;
  calibration: { sizes: number[]; accuracy: number[]; confidence: number[]; ece: number; mce: number };
  features: number[][];
  other: number[][];
  noise: number[][];
  pca: Record<"tall" | "wide", { points: number[][]; ratios: number[] }>;
  cka: Record<"same" | "other" | "noise", number>;
}

/** What NumPy and scikit-learn find: made by makeVerdicts.py. */
export const verdicts = JSON.parse(
  readFileSync(new URL("../fixtures/inspect/verdicts.json", import.meta.url), "utf8"),
) as Verdicts;

export function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++) {
    assert.ok(
      Math.abs(found[i]! - expected[i]!) <= tolerance,
      `${found[i]} at ${i}, expected ${expected[i]}`,
    );
  }
}

export function says(work: () => unknown, message: RegExp): void {
  assert.throws(work, (error: Error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, message);
    return !error.message.includes("\n");
  });
}
