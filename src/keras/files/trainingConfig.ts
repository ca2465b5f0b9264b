import { tf } from "../../tensorflow/tf.ts";
import { isDescribed, type Config, type Described } from "./config.ts";
import { snakeCase } from "./layerClass.ts";

const number = (value: unknown, fallback: number) => (typeof value === "number" ? value : fallback);

const snakeKey = (key: string) => key.replace(/[A-Z]|\d+$/g, (part) => `_${part.toLowerCase()}`);

const camelKey = (key: string) => key.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());

/** Classes and settings of optimizers that Keras calls otherwise. */
const kerasClasses: Record<string, string> = { Momentum: "SGD", RMSProp: "RMSprop" };
const kerasSettings: Record<string, Record<string, string>> = {
  Momentum: { useNesterov: "nesterov" },
  RMSProp: { decay: "rho" },
};

/** What TensorFlow.js, or one of our optimizers, keeps of itself, as Keras' class with Keras' names. */
function describeOptimizer(optimizer: tf.Optimizer): Described | undefined {
  const name = optimizer.getClassName();
  const className = kerasClasses[name] ?? name;
  if (!(className in fromKeras) && !("slots" in optimizer)) return undefined;
  const settings = kerasSettings[name] ?? {};
  const { schedule } = optimizer as { schedule?: { keras?: Described } };
  const config = Object.fromEntries(
    Object.entries(optimizer.getConfig())
      // Adamax has a decay of the learning rate that Keras no longer knows.
      .filter(([key]) => !(name === "Adamax" && key === "decay"))
      .map(([key, value]) => [settings[key] ?? snakeKey(key), value]),
  );
  return {
    class_name: className,
    config: { ...config, ...(schedule?.keras && { learning_rate: schedule.keras }) },
  };
}

/** What Keras' settings mean here; Keras 2 once wrote `lr`. */
type Settings = Record<string, unknown>;

/** The optimizers of TensorFlow.js from Keras' settings in camelCase, with Keras' values where a file leaves them out. */
const fromKeras: Record<string, (settings: Settings) => tf.Optimizer> = {
  SGD: (settings) => {
    const [momentum, rate] = [number(settings.momentum, 0), number(settings.learningRate, 0.01)];
    return momentum === 0
      ? tf.train.sgd(rate)
      : tf.train.momentum(rate, momentum, settings.nesterov === true);
  },
  RMSprop: (settings) =>
    tf.train.rmsprop(
      number(settings.learningRate, 0.001),
      number(settings.rho, 0.9),
      number(settings.momentum, 0),
      number(settings.epsilon, 1e-7),
      settings.centered === true,
    ),
  Adam: (settings) =>
    tf.train.adam(
      number(settings.learningRate, 0.001),
      number(settings.beta1, 0.9),
      number(settings.beta2, 0.999),
      number(settings.epsilon, 1e-7),
    ),
  Adamax: (settings) =>
    tf.train.adamax(
      number(settings.learningRate, 0.001),
      number(settings.beta1, 0.9),
      number(settings.beta2, 0.999),
      number(settings.epsilon, 1e-7),
    ),
  Adagrad: (settings) =>
    tf.train.adagrad(number(settings.learningRate, 0.001), number(settings.initialAccumulatorValue, 0.1)),
  Adadelta: (settings) =>
    tf.train.adadelta(
      number(settings.learningRate, 0.001),
      number(settings.rho, 0.95),
      number(settings.epsilon, 1e-7),
    ),
};

/** The optimizer that a file describes, if there is one like it. */
function makeOptimizer(description: unknown): tf.Optimizer | undefined {
  if (!isDescribed(description)) return undefined;
  const name = description.class_name.replace(/^.*>/, "");
  const make = fromKeras[kerasClasses[name] ?? name];
  const settings: Settings = Object.fromEntries(
    Object.entries(description.config).map(([key, value]) => {
      const ours = camelKey(key);
      return [kerasSettings[name]?.[ours] ?? ours, value];
    }),
  );
  return make?.({ ...settings, learningRate: settings.learningRate ?? settings.lr });
}

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

/**
 * How a compiled model was compiled, as Keras 2 writes it; undefined where that has no name, as with a loss of the user's own.
 */
export function toTrainingConfig(model: tf.LayersModel): Config | undefined {
  const { optimizer, loss, metrics } = model as unknown as {
    optimizer?: tf.Optimizer;
    loss: unknown;
    metrics: unknown;
  };
  const described = optimizer && describeOptimizer(optimizer);
  const lossName = mapNames(loss, snakeCase);
  if (described === undefined || lossName === undefined) return undefined;
  return {
    loss: lossName,
    metrics: mapNames(metrics, snakeCase) ?? [],
    weighted_metrics: null,
    loss_weights: null,
    optimizer_config: described,
  };
}

/** The same as Keras 3 writes it. */
export function toCompileConfig(training: Config): Config {
  const { optimizer_config: optimizer, ...rest } = training;
  return {
    ...rest,
    optimizer: { module: "keras.optimizers", ...(optimizer as Described), registered_name: null },
  };
}

/** The same as TensorFlow.js writes it, which has its own names of optimizers and their settings. */
export function toTfjsTraining(model: tf.LayersModel, training: Config): Config {
  const { optimizer } = model;
  const config = Object.entries(optimizer.getConfig()).map(([key, value]) => [snakeKey(key), value]);
  const described = { class_name: optimizer.getClassName(), config: Object.fromEntries(config) as Config };
  return { ...training, optimizer_config: described };
}

/**
 * Compiles a model as its file says. Leaves it alone, says so in a line and returns false where TensorFlow.js has not what
 * the file names.
 */
export function compileFrom(model: tf.LayersModel, training: Config, path: string): boolean {
  const optimizer = makeOptimizer(training.optimizer_config ?? training.optimizer);
  const loss = mapNames(training.loss, camelCase) as string | undefined;
  const metrics = mapNames(([training.metrics ?? []] as unknown[]).flat(2), camelCase) as
    string[] | undefined;
  try {
    if (optimizer === undefined || loss === undefined) throw new Error("no such optimizer or loss");
    model.compile({ optimizer, loss, metrics: metrics ?? [] });
    // Nobody else knows this optimizer: it goes when the model goes.
    (model as unknown as { isOptimizerOwned: boolean }).isOptimizerOwned = true;
    return true;
  } catch {
    optimizer?.dispose();
    process.stdout.write(
      `loadModel: ${path} is not compiled: it was trained with what TensorFlow.js has not\n`,
    );
    return false;
  }
}
