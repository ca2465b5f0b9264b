import { losses } from "./losses.ts";
import * as accuracies from "./metrics/accuracy.ts";
import * as confusions from "./metrics/confusion.ts";
import * as scores from "./metrics/scores.ts";

const { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } = losses;
const { klDivergence, poisson, hinge, squaredHinge, categoricalHinge, logCosh } = losses;
const { meanAbsoluteError, meanAbsolutePercentageError } = losses;
const { meanSquaredError, meanSquaredLogarithmicError } = losses;

/**
 * Metrics with Keras' names and defaults, for `model.compile` and for use by themselves. Accuracies and losses give a value
 * for each sample, of which training takes the mean; the others (`auc`, `precision`, `recall`, `f1Score` …) count batches in
 * and tell their value for all of them, until `resetState()`.
 *
 * ```ts
 * model.compile({ optimizer: "adam", loss: "binaryCrossentropy", metrics: [metrics.binaryAccuracy(), metrics.auc()] });
 * ```
 */
export const metrics = {
  ...accuracies,
  ...confusions,
  ...scores,
  binaryCrossentropy,
  categoricalCrossentropy,
  categoricalHinge,
  hinge,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
  sparseCategoricalCrossentropy,
  squaredHinge,
};
