import * as crossentropies from "./losses/crossentropy.ts";
import * as margins from "./losses/margins.ts";
import * as distances from "./losses/regression.ts";

/**
 * Losses with Keras' names and defaults, for `model.compile` and for use by themselves: each is made by a call and then is
 * a function of targets and predictions that gives the loss of each sample. The names in strings stay what TensorFlow.js
 * makes of them.
 *
 * ```ts
 * const loss = losses.categoricalCrossentropy({ fromLogits: true, labelSmoothing: 0.1 });
 * model.compile({ optimizer: optimizers.adam(), loss, metrics: ["accuracy"] });
 * ```
 */
export const losses = { ...crossentropies, ...distances, ...margins };
