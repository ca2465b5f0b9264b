import { losses } from "../losses.ts";
import type { Loss } from "../losses/loss.ts";
import { isConfig, isDescribed, type Config, type Described } from "./config.ts";
import { camelCase, snakeCase } from "./layerClass.ts";

/** What a model is compiled with: a name that TensorFlow.js knows, or a function; of several outputs several. */
export type LossSetting = string | Loss | LossSetting[] | { [output: string]: LossSetting };

type Makers<Made> = Readonly<Record<string, ((options: object) => Made) | undefined>>;
const makers = losses as unknown as Makers<Loss>;

/** Short and old names of Keras. */
const aliases: Readonly<Record<string, string>> = {
  bce: "binaryCrossentropy",
  cosineProximity: "cosineSimilarity",
  huberLoss: "huber",
  kld: "klDivergence",
  kullbackLeiblerDivergence: "klDivergence",
  logcosh: "logCosh",
  mae: "meanAbsoluteError",
  mape: "meanAbsolutePercentageError",
  mse: "meanSquaredError",
  msle: "meanSquaredLogarithmicError",
};

/** Losses that TensorFlow.js computes by their names as Keras does; they stay names, as users write them. */
const sameInTfjs: Readonly<Record<string, string>> = {
  binaryCrossentropy: "binaryCrossentropy",
  categoricalCrossentropy: "categoricalCrossentropy",
  klDivergence: "kullbackLeiblerDivergence",
  meanAbsoluteError: "meanAbsoluteError",
  meanAbsolutePercentageError: "meanAbsolutePercentageError",
  meanSquaredError: "meanSquaredError",
  meanSquaredLogarithmicError: "meanSquaredLogarithmicError",
  poisson: "poisson",
  sparseCategoricalCrossentropy: "sparseCategoricalCrossentropy",
};

/** The name in camelCase that `losses` and `metrics` have. */
export function canonical(name: string): string {
  const camel = camelCase(snakeCase(name));
  return aliases[camel] ?? camel;
}

/** Settings that say nothing about what a loss computes for each sample, and the values at which training takes the mean. */
const ofTraining: Readonly<Record<string, readonly unknown[]>> = {
  reduction: ["auto", "sum_over_batch_size", "mean", "mean_with_sample_weight"],
  axis: [-1],
};

/** Settings that say nothing at all. */
const unsaid = ["name", "fn", "dtype"];

/**
 * A loss or a metric that a file describes with its settings: its name where it is in `plain` and nothing is set, else the function
 * that is made of it; undefined where there is no such one.
 */
export function fromObject<Made>(
  { class_name: className, config }: Described,
  makersOf: Makers<Made>,
  plain: Readonly<Record<string, string>>,
): string | Made | undefined {
  const name = canonical(className);
  const make = makersOf[name];
  const isUsual = ([key, usual]: [string, readonly unknown[]]) =>
    !(key in config) || usual.includes(config[key]);
  if (make === undefined || !Object.entries(ofTraining).every(isUsual)) return undefined;
  const options = Object.entries(config)
    .filter(([key, value]) => !(key in ofTraining || unsaid.includes(key)) && value !== null)
    .map(([key, value]) => [camelCase(key), value] as const);
  const isPlain = options.every(([, value]) => value === false || value === 0);
  return (isPlain ? plain[name] : undefined) ?? make(Object.fromEntries(options));
}

/**
 * The loss that a file names. Losses that TensorFlow.js has otherwise, or not at all, and those with settings (logits, smoothed
 * labels) are functions of `losses`.
 *
 * @param isOurs whether TensorFlow.js wrote the file: its names are its own then
 * @returns undefined where there is no such loss
 */
export function lossFromConfig(value: unknown, isOurs: boolean): LossSetting | undefined {
  if (typeof value === "string") {
    const name = canonical(value);
    if (isOurs) return camelCase(value);
    return sameInTfjs[name] ?? makers[name]?.({});
  }
  if (isDescribed(value)) return fromObject(value, makers, sameInTfjs);
  if (Array.isArray(value)) {
    const list = value.map((one) => lossFromConfig(one, isOurs));
    return list.includes(undefined) ? undefined : (list as LossSetting[]);
  }
  if (!isConfig(value)) return undefined;
  const entries = Object.entries(value).map(([key, one]) => [key, lossFromConfig(one, isOurs)] as const);
  if (entries.some(([, one]) => one === undefined)) return undefined;
  return Object.fromEntries(entries) as Record<string, LossSetting>;
}

/**
 * The loss of a compiled model as Keras writes it.
 *
 * @returns undefined where it has no name, as with one of the user's own
 */
export function lossToConfig(loss: unknown): unknown {
  if (typeof loss === "string") return snakeCase(loss);
  if (typeof loss === "function") {
    const { keras } = loss as Partial<Loss>;
    // Keras 3 looks for a module; Keras 2 does not mind.
    return keras && { module: "keras.losses", ...keras, registered_name: null };
  }
  if (Array.isArray(loss)) {
    const list = loss.map(lossToConfig);
    return list.includes(undefined) ? undefined : list;
  }
  if (typeof loss !== "object" || loss === null) return undefined;
  const entries = Object.entries(loss as Config).map(([key, one]) => [key, lossToConfig(one)] as const);
  return entries.some(([, one]) => one === undefined) ? undefined : Object.fromEntries(entries);
}
