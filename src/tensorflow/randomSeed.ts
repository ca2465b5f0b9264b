import seedrandom from "seedrandom";

/**
 * Makes everything random that follows repeatable: the first values of weights, dropout, the order in which `fit` takes the
 * examples. TensorFlow.js draws all its seeds from `Math.random`, so that is what is replaced, for the whole process, as
 * Keras' `set_random_seed` seeds Python's generators.
 *
 * @param seed any number; the same one gives the same numbers
 *
 * ```ts
 * setRandomSeed(1);
 * const first = tf.randomNormal([3]).arraySync();
 * setRandomSeed(1);
 * tf.randomNormal([3]).arraySync(); // the same as first
 * ```
 */
export function setRandomSeed(seed: number): void {
  const generator = seedrandom.alea(String(seed));
  Math.random = () => generator();
}
