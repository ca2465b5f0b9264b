import { tf } from "../../tensorflow/tf.ts";
import { isDescribed, type Config, type Described } from "./config.ts";
import { optimizerFromKeras } from "../optimizers/fromKeras.ts";
import { camelCase } from "./layerClass.ts";
import { lossFromConfig, lossToConfig } from "./lossConfig.ts";
import { disposeWith, metricsFromConfig, metricsToConfig } from "./metricConfig.ts";
import type { LossWeights } from "../training/lossWeights.ts";

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
  if (registered === undefined || !tfjsOptimizers.has(name) || config.use_ema === true) return undefined;
  const settings = Object.entries(config).map(([key, value]) => [camelCase(key), value]);
  const [constructor, fromConfig] = registered;
  return fromConfig(
    constructor,
    Object.fromEntries(settings) as tf.serialization.ConfigDict,
  ) as unknown as tf.Optimizer;
}

/**
 * How a compiled model was compiled, as Keras 2 writes it; undefined where that has no name, as with a loss of the user's own.
 */
export function toTrainingConfig(model: tf.LayersModel): Config | undefined {
  // A sequential model keeps the one that was compiled inside.
  const { model: functional = model } = model as { model?: tf.LayersModel };
  const { optimizer, loss, metrics, lossWeights } = functional as unknown as {
    optimizer?: tf.Optimizer;
    loss: unknown;
    metrics: unknown;
    lossWeights?: number[];
  };
  const described = optimizer && describeOptimizer(optimizer);
  const lossName = lossToConfig(loss);
  if (described === undefined || lossName === undefined) return undefined;
  return {
    loss: lossName,
    metrics: metricsToConfig(metrics),
    weighted_metrics: null,
    loss_weights: lossWeights ?? null,
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
  const loss = lossFromConfig(training.loss, makeOptimizer === optimizerFromTfjs);
  const { metrics, unknown } = metricsFromConfig(training.metrics);
  try {
    if (optimizer === undefined || loss === undefined) throw new Error("no such optimizer or loss");
    const lossWeights = training.loss_weights as LossWeights | null | undefined;
    model.compile({ optimizer, loss, metrics, ...(lossWeights && { lossWeights }) } as tf.ModelCompileArgs);
    if (unknown.length > 0) {
      process.stdout.write(`loadModel: ${path} is compiled without the metric ${unknown.join(", ")}\n`);
    }
    disposeWith(model, metrics);
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
