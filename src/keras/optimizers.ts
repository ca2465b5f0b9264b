import { adadelta } from "./optimizers/adadelta.ts";
import { adagrad } from "./optimizers/adagrad.ts";
import { adam, adamW } from "./optimizers/adam.ts";
import { adamax } from "./optimizers/adamax.ts";
import { ftrl } from "./optimizers/ftrl.ts";
import { lamb } from "./optimizers/lamb.ts";
import { lion } from "./optimizers/lion.ts";
import { nadam } from "./optimizers/nadam.ts";
import { rmsprop } from "./optimizers/rmsprop.ts";
import * as decays from "./optimizers/schedules.ts";
import { sgd } from "./optimizers/sgd.ts";

const { cosineDecay, cosineDecayRestarts, exponentialDecay } = decays;
const { inverseTimeDecay, piecewiseConstantDecay, polynomialDecay } = decays;

/** Learning rates that change with the steps, as Keras' `optimizers.schedules`. */
const schedules = {
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  piecewiseConstantDecay,
  polynomialDecay,
};

/**
 * Optimizers with Keras' names, arithmetic and defaults, for `model.compile`. Those of `tf.train` and the names in strings
 * stay what TensorFlow.js makes of them.
 *
 * ```ts
 * const learningRate = optimizers.schedules.cosineDecay({ initialLearningRate: 1e-3, decaySteps: 1000 });
 * model.compile({ optimizer: optimizers.adam({ learningRate }), loss: "categoricalCrossentropy" });
 * ```
 */
export const optimizers = {
  adadelta,
  adagrad,
  adam,
  adamW,
  adamax,
  ftrl,
  lamb,
  lion,
  nadam,
  rmsprop,
  sgd,
  schedules,
};
