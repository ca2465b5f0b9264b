import { tf } from "../../tensorflow/tf.ts";
import { toLossWeights } from "../training/lossWeights.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { metricsByShape, metricsOf } from "./metricsByShape.ts";
import { freeWeightedMetrics, weighLastMetrics } from "./weightedMetrics.ts";

/** For each output its metrics, the weighted ones behind the others. */
function joined({ metrics, weightedMetrics }: tf.ModelCompileArgs, names: readonly string[]) {
  const lists = names.map((name) => [
    name,
    [...metricsOf(metrics, name), ...metricsOf(weightedMetrics, name)],
  ]);
  return Object.fromEntries(lists) as Record<string, string>;
}

/** Lets `model.compile` take `lossWeights` and `weightedMetrics`, and choose "accuracy" as Keras' does. */
export function installCompile(): void {
  const prototype = tf.LayersModel.prototype as unknown as {
    compile(this: TrainableModel, options: tf.ModelCompileArgs): void;
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its model below
  const usual = prototype.compile;
  prototype.compile = function (options) {
    const { lossWeights } = options;
    const weights = lossWeights === undefined ? undefined : toLossWeights(lossWeights, this.outputNames);
    const { weightedMetrics, ...known } = options;
    const weighted = this.outputNames.map((name) => metricsOf(weightedMetrics, name));
    const all = weighted.flat().length === 0 ? options.metrics : joined(options, this.outputNames);
    const metrics = metricsByShape({ ...known, ...(all && { metrics: all }) }, this.outputNames);
    usual.call(this, {
      ...known,
      ...(metrics && { metrics: metrics as unknown as Record<string, string> }),
    });
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
    freeWeightedMetrics(this.model ?? this);
    return dispose.call(this);
  };
}
