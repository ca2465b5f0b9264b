import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TransformParameters } from "../../../src/keras/generator/applyTransform.ts";
import type { FillMode } from "../../../src/keras/generator/fillModes.ts";

interface Values {
  shape: number[];
  values: number[];
}

interface Transformed {
  picture: string;
  parameters: Record<string, number | boolean>;
  options: { fill_mode?: FillMode; cval?: number; interpolation_order?: 0 | 1 };
  values: number[];
}

/** What Keras made of small pictures: test/fixtures/keras/makeTransforms.py. */
export const kerasTransforms = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/keras/transforms.json"), "utf8"),
) as {
  pictures: Record<string, Values>;
  transforms: Transformed[];
  set: Values;
  standardized: { options: Record<string, number | boolean>; values: number[] }[];
};

/** Names of Python in ours. */
export function camelCase<Value>(values: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

export const kerasParameters = (parameters: Transformed["parameters"]): TransformParameters =>
  camelCase(parameters);

/** How far two lists of numbers are apart at most. */
export function largestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) return Infinity;
  return Math.max(...expected.map((value, index) => Math.abs(value - found[index]!)));
}
