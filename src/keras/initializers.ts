import { tf } from "../tensorflow/tf.ts";
import "./initializers/seedOfZero.ts";

type Initializer = ReturnType<typeof tf.initializers.zeros>;

/** Options of initializers that draw. */
export interface SeedOptions {
  /** Makes the numbers the same each time. Default: others each time. */
  seed?: number;
}

/** Options of `initializers.varianceScaling`. */
export interface VarianceScalingOptions extends SeedOptions {
  /** Default 1. */
  scale?: number;
  /** By what the variance is divided: inputs (default), outputs, or the mean of both. */
  mode?: "fanIn" | "fanOut" | "fanAvg";
  /** Default `"truncatedNormal"`: cut off at twice the standard deviation. */
  distribution?: "truncatedNormal" | "uniform";
}

/** Options of `initializers.randomNormal` and `truncatedNormal`. */
export interface NormalOptions extends SeedOptions {
  /** Default 0. */
  mean?: number;
  /** Default 0.05. */
  stddev?: number;
}

/** Options of `initializers.randomUniform`. */
export interface UniformOptions extends SeedOptions {
  /** Default -0.05. */
  minval?: number;
  /** Default 0.05. */
  maxval?: number;
}

/** The standard deviation of a normal distribution of 1 that is cut off at 2. */
const truncated = 0.8796256610342398;

/** TensorFlow.js takes 0 for a setting that is missing; this is 0 in float32 and counts as given. */
const given = (value: number) => (value === 0 ? Number.MIN_VALUE : value);

const seeded = (seed: number | undefined) => (seed === undefined ? {} : { seed });

/**
 * Draws with a variance of `scale / fan`. TensorFlow.js cuts the normal distribution off and so leaves its variance too
 * small; Keras makes up for that, and so does this.
 */
function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  const { scale = 1, mode = "fanIn", distribution = "truncatedNormal", seed } = options;
  const uniform = distribution === "uniform";
  return tf.initializers.varianceScaling({
    scale: uniform ? scale : scale / truncated ** 2,
    mode,
    distribution: uniform ? "uniform" : "normal",
    ...seeded(seed),
  });
}

function scaled(
  scale: number,
  mode: "fanIn" | "fanAvg",
  distribution: "truncatedNormal" | "uniform",
): (options?: SeedOptions) => Initializer {
  return (options = {}) => varianceScaling({ scale, mode, distribution, ...options });
}

/**
 * Initializers with Keras' names, defaults and spread. The names in strings stay what TensorFlow.js makes of them.
 *
 * ```ts
 * tf.layers.dense({ units: 10, kernelInitializer: initializers.heNormal({ seed: 1 }) });
 * ```
 *
 * - `glorotUniform`, `glorotNormal`: variance `2 / (inputs + outputs)`; the former is the default of Keras' layers
 * - `heUniform`, `heNormal`: variance `2 / inputs`, for ReLU
 * - `lecunUniform`, `lecunNormal`: variance `1 / inputs`
 * - `varianceScaling({ scale: 1, mode: "fanIn", distribution: "truncatedNormal" })`
 * - `randomNormal({ mean: 0, stddev: 0.05 })`, `truncatedNormal`, `randomUniform({ minval: -0.05, maxval: 0.05 })`
 * - `orthogonal({ gain: 1 })`, `identity({ gain: 1 })`, `zeros()`, `ones()`, `constant({ value: 0 })`
 *
 * Those that draw take a `seed`.
 */
export const initializers = {
  constant: ({ value = 0 }: { value?: number } = {}): Initializer => tf.initializers.constant({ value }),
  glorotNormal: scaled(1, "fanAvg", "truncatedNormal"),
  glorotUniform: scaled(1, "fanAvg", "uniform"),
  heNormal: scaled(2, "fanIn", "truncatedNormal"),
  heUniform: scaled(2, "fanIn", "uniform"),
  identity: ({ gain = 1 }: { gain?: number } = {}): Initializer => tf.initializers.identity({ gain }),
  lecunNormal: scaled(1, "fanIn", "truncatedNormal"),
  lecunUniform: scaled(1, "fanIn", "uniform"),
  ones: (): Initializer => tf.initializers.ones(),
  orthogonal: ({ gain = 1, seed }: { gain?: number } & SeedOptions = {}): Initializer =>
    tf.initializers.orthogonal({ gain, ...seeded(seed) }),
  randomNormal: ({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}): Initializer =>
    tf.initializers.randomNormal({ mean, stddev: given(stddev), ...seeded(seed) }),
  randomUniform: ({ minval = -0.05, maxval = 0.05, seed }: UniformOptions = {}): Initializer =>
    tf.initializers.randomUniform({ minval: given(minval), maxval: given(maxval), ...seeded(seed) }),
  truncatedNormal: ({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}): Initializer =>
    tf.initializers.truncatedNormal({ mean, stddev: given(stddev), ...seeded(seed) }),
  varianceScaling,
  zeros: (): Initializer => tf.initializers.zeros(),
};
