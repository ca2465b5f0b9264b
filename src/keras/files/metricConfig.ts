import type { Loss } from "../losses/loss.ts";
import { metrics } from "../metrics.ts";
import { isStateful, type StatefulMetric } from "../metrics/statefulMetric.ts";
import type { tf } from "../../tensorflow/tf.ts";
import { isConfig, isDescribed } from "./config.ts";
import { snakeCase } from "./layerClass.ts";
import { canonical, fromObject } from "./lossConfig.ts";

/** What `compile` takes as a metric: a name that TensorFlow.js knows, or a function. */
type Metric = string | Loss | StatefulMetric;

const makers = metrics as unknown as Readonly<Record<string, ((options: object) => Metric) | undefined>>;

/** Metrics that TensorFlow.js computes by their names; they stay names. */
const sameInTfjs: Readonly<Record<string, string>> = {
  acc: "accuracy",
  accuracy: "accuracy",
  binaryAccuracy: "binaryAccuracy",
  categoricalAccuracy: "categoricalAccuracy",
  meanAbsoluteError: "mae",
  meanSquaredError: "mse",
};

function fromConfig(value: unknown): Metric | undefined {
  if (isDescribed(value) && value.class_name !== "MeanMetricWrapper") {
    return fromObject(value, makers, sameInTfjs);
  }
  // Keras 2 wraps a function, and keeps the name that the user gave.
  const name = canonical(nameOf(value));
  return sameInTfjs[name] ?? makers[name]?.({});
}

const nameOf = (value: unknown): string => {
  const name = isDescribed(value) ? (value.config.name ?? value.class_name) : value;
  return typeof name === "string" ? name : JSON.stringify(name);
};

/** A list, lists in a list, or an object with the outputs' names, as one list. */
const flatten = (value: unknown): unknown[] => {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(flatten);
  return isConfig(value) && !isDescribed(value) ? Object.values(value).flatMap(flatten) : [value];
};

/** The metrics that a file names, by themselves or as objects, and the names of those that there are not here. */
export function metricsFromConfig(value: unknown): { metrics: Metric[]; unknown: string[] } {
  const found = flatten(value).map((one) => ({ metric: fromConfig(one), name: nameOf(one) }));
  return {
    metrics: found.flatMap(({ metric }) => metric ?? []),
    unknown: found.filter(({ metric }) => metric === undefined).map(({ name }) => name),
  };
}

/** The metrics of a compiled model as Keras writes them, without those of the user's own. */
export function metricsToConfig(metrics: unknown): unknown[] {
  return flatten(metrics).flatMap((metric): unknown[] => {
    if (typeof metric === "string") return [snakeCase(metric)];
    const { keras } = (typeof metric === "function" ? metric : {}) as Partial<Loss>;
    return keras ? [{ module: "keras.metrics", ...keras, registered_name: null }] : [];
  });
}

/** Lets metrics that nobody else knows go with their model. */
export function disposeWith(model: tf.LayersModel, metrics: readonly Metric[]): void {
  const stateful = metrics.filter(isStateful);
  if (stateful.length === 0) return;
  const dispose = model.dispose.bind(model);
  model.dispose = () => {
    for (const metric of stateful) metric.dispose();
    return dispose();
  };
}
