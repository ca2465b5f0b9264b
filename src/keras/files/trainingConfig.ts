import { tf } from "../../tensorflow/tf.ts";
import { isDescribed, snakeCase, type Config, type Described } from "./config.ts";

const number = (value: unknown, fallback: number) => (typeof value === "number" ? value : fallback);

/** What TensorFlow.js keeps of an optimizer, as Keras' class with Keras' names. */
const toKeras: Record<string, (config: Config) => Described> = {
  SGD: ({ learningRate }) => ({ class_name: "SGD", config: { learning_rate: learningRate } }),
  Momentum: ({ learningRate, momentum, useNesterov }) => ({
    class_name: "SGD",
    config: { learning_rate: learningRate, momentum, nesterov: useNesterov },
  }),
  RMSProp: ({ learningRate, decay, momentum, epsilon, centered }) => ({
    class_name: "RMSprop",
    config: { learning_rate: learningRate, rho: decay, momentum, epsilon, centered },
  }),
  Adam: ({ learningRate, beta1, beta2, epsilon }) => ({
    class_name: "Adam",
    config: { learning_rate: learningRate, beta_1: beta1, beta_2: beta2, epsilon },
  }),
  Adamax: ({ learningRate, beta1, beta2, epsilon }) => ({
    class_name: "Adamax",
    config: { learning_rate: learningRate, beta_1: beta1, beta_2: beta2, epsilon },
  }),
  Adagrad: ({ learningRate, initialAccumulatorValue }) => ({
    class_name: "Adagrad",
    config: { learning_rate: learningRate, initial_accumulator_value: initialAccumulatorValue },
  }),
  Adadelta: ({ learningRate, rho, epsilon }) => ({
    class_name: "Adadelta",
    config: { learning_rate: learningRate, rho, epsilon },
  }),
};

/** The settings of an optimizer, with Keras' values where a file leaves them out. Keras 2 once wrote `lr` and `decay`. */
const fromKeras: Record<string, (config: Config) => tf.Optimizer> = {
  SGD: (config) => {
    const momentum = number(config.momentum, 0);
    const rate = number(config.learning_rate ?? config.lr, 0.01);
    return momentum === 0 ? tf.train.sgd(rate) : tf.train.momentum(rate, momentum, config.nesterov === true);
  },
  RMSprop: (config) =>
    tf.train.rmsprop(
      number(config.learning_rate ?? config.lr, 0.001),
      number(config.rho, 0.9),
      number(config.momentum, 0),
      number(config.epsilon, 1e-7),
      config.centered === true,
    ),
  Adam: (config) =>
    tf.train.adam(
      number(config.learning_rate ?? config.lr, 0.001),
      number(config.beta_1, 0.9),
      number(config.beta_2, 0.999),
      number(config.epsilon, 1e-7),
    ),
  Adamax: (config) =>
    tf.train.adamax(
      number(config.learning_rate ?? config.lr, 0.001),
      number(config.beta_1, 0.9),
      number(config.beta_2, 0.999),
      number(config.epsilon, 1e-7),
    ),
  Adagrad: (config) =>
    tf.train.adagrad(
      number(config.learning_rate ?? config.lr, 0.001),
      number(config.initial_accumulator_value, 0.1),
    ),
  Adadelta: (config) =>
    tf.train.adadelta(
      number(config.learning_rate ?? config.lr, 0.001),
      number(config.rho, 0.95),
      number(config.epsilon, 1e-7),
    ),
};

/** Applies a change of spelling to a name, to each of a list, or to each of an object. Undefined when there is anything but names. */
function mapNames(names: unknown, change: (name: string) => string): unknown {
  if (typeof names === "string") return change(names);
  if (Array.isArray(names)) {
    const list = names.map((name) => mapNames(name, change));
    return list.includes(undefined) ? undefined : list;
  }
  if (isDescribed(names)) {
    // A loss or metric object of Keras 3: its config says its name.
    const name = names.config.name ?? names.config;
    return typeof name === "string" ? change(name) : undefined;
  }
  if (typeof names !== "object" || names === null) return undefined;
  const entries = Object.entries(names).map(([key, name]) => [key, mapNames(name, change)] as const);
  return entries.some(([, name]) => name === undefined) ? undefined : Object.fromEntries(entries);
}

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** How a compiled model was compiled, as Keras writes it; undefined where that has no name, as with a loss of the user's own. */
export function toTrainingConfig(model: tf.LayersModel): Config | undefined {
  const { optimizer, loss, metrics } = model as unknown as {
    optimizer?: tf.Optimizer;
    loss: unknown;
    metrics: unknown;
  };
  const convert = optimizer && toKeras[optimizer.getClassName()];
  const lossName = mapNames(loss, snakeCase);
  if (optimizer === undefined || convert === undefined || lossName === undefined) return undefined;
  return {
    loss: lossName,
    metrics: mapNames(metrics, snakeCase) ?? [],
    weighted_metrics: null,
    loss_weights: null,
    optimizer_config: convert(optimizer.getConfig()),
  };
}

/** Compiles a model as its file says. Leaves it alone, and returns false, where TensorFlow.js has not what the file names. */
export function compileFrom(model: tf.LayersModel, training: Config): boolean {
  const optimizer = isDescribed(training.optimizer_config) ? training.optimizer_config : undefined;
  const make = optimizer && fromKeras[optimizer.class_name.replace(/^.*>/, "")];
  const loss = mapNames(training.loss, camelCase) as string | undefined;
  if (make === undefined || loss === undefined) return false;
  const metrics = mapNames(([training.metrics ?? []] as unknown[]).flat(2), camelCase) as
    string[] | undefined;
  try {
    model.compile({ optimizer: make(optimizer!.config), loss, metrics: metrics ?? [] });
    return true;
  } catch {
    return false;
  }
}
