import { tf } from "../../tensorflow/tf.ts";
import { toLossWeights } from "../training/lossWeights.ts";
import { isStateful } from "../metrics/statefulMetric.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { metricsByShape, metricsOf } from "./metricsByShape.ts";
import { lossesNamed, metricNamed, optimizerNamed } from "./named.ts";
import { freeOwnMetrics, ownMetric } from "./ownMetrics.ts";
import { weighLastMetrics } from "./weightedMetrics.ts";

/** For each output its metrics, the weighted ones behind the others. */
function joined({ metrics, weightedMetrics }: tf.ModelCompileArgs, names: readonly string[]) {
  const lists = names.map((name, output) => [
    name,
    [...metricsOf(metrics, names, output), ...metricsOf(weightedMetrics, names, output)],
  ]);
  return Object.fromEntries(lists) as Record<string, string>;
}

/** The options that are given: null stands for none, as None in Python. */
function givenOptions(options: tf.ModelCompileArgs): tf.ModelCompileArgs {
  const given = Object.entries(options).filter(([, value]) => value !== null);
  return Object.fromEntries(given) as unknown as tf.ModelCompileArgs;
}

/** Lets `model.compile` take `lossWeights`, `weightedMetrics` and Keras' names, and choose "accuracy" as Keras' does. */
export function installCompile(): void {
  const prototype = tf.LayersModel.prototype as unknown as {
    compile(this: TrainableModel & { isOptimizerOwned: boolean }, options: tf.ModelCompileArgs): void;
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its model below
  const usual = prototype.compile;
  prototype.compile = function (all) {
    const options = givenOptions(all);
    const { lossWeights } = options;
    const weights = lossWeights === undefined ? undefined : toLossWeights(lossWeights, this.outputNames);
    const { weightedMetrics, ...rest } = options;
    const weighted = this.outputNames.map((_, output) =>
      metricsOf(weightedMetrics, this.outputNames, output),
    );
    const wanted = weighted.flat().length === 0 ? options.metrics : joined(options, this.outputNames);
    const loss = lossesNamed(options.loss) as tf.ModelCompileArgs["loss"];
    freeOwnMetrics(this);
    const named = (name: string) => {
      const metric = metricNamed(name);
      if (isStateful(metric)) ownMetric(this, metric);
      return metric;
    };
    const metrics = metricsByShape(
      { ...rest, loss, ...(wanted && { metrics: wanted }) },
      this.outputNames,
      named,
    );
    const optimizer =
      typeof options.optimizer === "string" ? optimizerNamed(options.optimizer) : options.optimizer;
    usual.call(this, {
      ...rest,
      loss,
      optimizer,
      ...(metrics && { metrics: metrics as unknown as Record<string, string> }),
    });
    // Nobody else knows an optimizer that was made of its name: it goes when the model goes.
    this.isOptimizerOwned = typeof options.optimizer === "string";
    weighLastMetrics(
      this,
      weighted.map((list) => list.length),
    );
    // Files keep what was asked for.
    this.metrics = options.metrics;
    this.lossWeights = weights;
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its model below
  const { dispose } = tf.LayersModel.prototype;
  tf.LayersModel.prototype.dispose = function (this: tf.LayersModel & { model?: object }) {
    freeOwnMetrics(this.model ?? this);
    return dispose.call(this);
  };
}
