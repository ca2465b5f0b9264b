import { arrangements, reductions } from "./arrangements.ts";
import { convolutions, dilated, fused } from "./convolutions.ts";
import type { Differentiable } from "./differentiable.ts";
import { eachValue, steps } from "./eachValue.ts";
import { poolings } from "./poolings.ts";
import { normalizations, products } from "./products.ts";
import { twoValues } from "./twoValues.ts";

/** Kernels with a registered gradient that cannot be reached. */
export const unchecked: Record<string, string> = {
  ComplexAbs: "complex numbers cannot be differentiated in TensorFlow.js: the Complex kernel has no gradient",
  Greater: "what it gives are no numbers; that its gradient is 0 is held by gradients/comparison.test.ts",
};

/** A point for each kernel that can be differentiated, or several. */
export const differentiable: Differentiable[] = [
  ...steps,
  ...eachValue,
  ...twoValues,
  ...reductions,
  ...arrangements,
  ...products,
  ...convolutions,
  ...dilated,
  ...fused,
  ...poolings,
  ...normalizations,
];
