import { tf } from "../../tensorflow/tf.ts";
import { toLossWeights } from "../training/lossWeights.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { metricsByShape } from "./metricsByShape.ts";

/** Lets `model.compile` take `lossWeights`, and choose "accuracy" as Keras' does. */
export function installCompile(): void {
  const prototype = tf.LayersModel.prototype as unknown as {
    compile(this: TrainableModel, options: tf.ModelCompileArgs): void;
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its model below
  const usual = prototype.compile;
  prototype.compile = function (options) {
    const { lossWeights } = options;
    const weights = lossWeights === undefined ? undefined : toLossWeights(lossWeights, this.outputNames);
    const metrics = metricsByShape(options, this.outputNames);
    usual.call(this, {
      ...options,
      ...(metrics && { metrics: metrics as unknown as Record<string, string> }),
    });
    // Files keep what was asked for.
    this.metrics = options.metrics;
    this.lossWeights = weights;
  };
}
