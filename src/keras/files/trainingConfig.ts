import { tf } from "../../tensorflow/tf.ts";
import { isDescribed, type Config, type Described } from "./config.ts";
import { optimizerFromKeras } from "../optimizers/fromKeras.ts";
import { camelCase, snakeCase } from "./layerClass.ts";

const snakeKey = (key: string) => key.replace(/[A-Z]|\d+$/g, (part) => `_${part.toLowerCase()}`);

/** Classes and settings of optimizers that Keras calls otherwise. */
const kerasClasses: Record<string, string> = { Momentum: "SGD", RMSProp: "RMSprop" };
const tfjsOptimizers = new Set(["SGD", "Momentum", "RMSProp", "Adam", "Adamax", "Adagrad", "Adadelta"]);
const kerasSettings: Record<string, Record<string, string>> = {
  Momentum: { useNesterov: "nesterov" },
  RMSProp: { decay: "rho" },
};

/** What TensorFlow.js, or one of our optimizers, keeps of itself, as Keras' class with Keras' names. */
function describeOptimizer(optimizer: tf.Optimizer): Described | undefined {
  const name = optimizer.getClassName();
  const className = kerasClasses[name] ?? name;
  if (!tfjsOptimizers.has(name) && !("slots" in optimizer)) return undefined;
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

/** The optimizer that TensorFlow.js has written: one of its own, whose state has its own form. */
export function optimizerFromTfjs({ class_name: name, config }: Described): tf.Optimizer | undefined {
  const registered = tf.serialization.SerializationMap.getMap().classNameMap[name];
  if (registered === undefined || !tfjsOptimizers.has(name)) return undefined;
  const settings = Object.entries(config).map(([key, value]) => [camelCase(key), value]);
  const [constructor, fromConfig] = registered;
  return fromConfig(
    constructor,
    Object.fromEntries(settings) as tf.serialization.ConfigDict,
  ) as unknown as tf.Optimizer;
}

/** Applies a change of spelling to a name, to each of a list, or to each of an object. Undefined when there is anything but names. */
function mapNames(names: unknown, change: (name: string) => string): unknown {
  if (typeof names === "string") return change(names);
  if (Array.isArray(names)) {
    const list = names.map((name) => mapNames(name, change));
    return list.includes(undefined) ? undefined : list;
  }
  if (isDescribed(names)) {
    // With these it is another loss than its name says.
    if (names.config.from_logits === true || Number(names.config.label_smoothing ?? 0) > 0) return undefined;
    // A loss or metric object of Keras 3: its config says its name.
    const name = names.config.name ?? names.config;
    return typeof name === "string" ? change(name) : undefined;
  }
  if (typeof names !== "object" || names === null) return undefined;
  const entries = Object.entries(names).map(([key, name]) => [key, mapNames(name, change)] as const);
  return entries.some(([, name]) => name === undefined) ? undefined : Object.fromEntries(entries);
}

const camelName = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

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
export function compileFrom(
  model: tf.LayersModel,
  training: Config,
  path: string,
  makeOptimizer: (described: Described) => tf.Optimizer | undefined = optimizerFromKeras,
): boolean {
  const described = training.optimizer_config ?? training.optimizer;
  const optimizer = isDescribed(described) ? makeOptimizer(described) : undefined;
  const loss = mapNames(training.loss, camelName) as string | undefined;
  const metrics = mapNames(([training.metrics ?? []] as unknown[]).flat(2), camelName) as
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
