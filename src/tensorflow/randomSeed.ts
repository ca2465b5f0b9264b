import seedrandom from "seedrandom";

/**
 * Makes everything random that follows repeatable: the first values of weights, dropout, the order in which `fit` takes the
 * examples. TensorFlow.js draws all its seeds from `Math.random`, so that is what is replaced, for the whole process, as
 * Keras' `set_random_seed` seeds Python's generators.
 *
 * With every backend the same numbers are drawn, but for `tf.multinomial`, which has its own generator on TensorFlow. Whether what is
 * computed from them is the same to the last bit is another question: it is with WebAssembly, plain JavaScript and TensorFlow on one
 * thread of the CPU (`setThreads(1)`); with several threads, or on a GPU, sums are added up in another order each time.
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
