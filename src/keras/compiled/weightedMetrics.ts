import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { isStateful } from "../metrics/statefulMetric.ts";
import { weightedMean } from "../metrics/weightedMean.ts";
import type { TrainableModel } from "../training/trainableModel.ts";
import { ownMetric } from "./ownMetrics.ts";

type Metrics = tf.ModelCompileArgs["metrics"];

declare module "@tensorflow/tfjs-layers/dist/engine/training.js" {
  interface ModelCompileArgs {
    /**
     * Metrics in which each sample counts as much as in the loss, as `sampleWeight` and `classWeight` say. One that is among `metrics`, too, is
     * reported as `weighted_…`.
     */
    weightedMetrics?: Metrics;
  }
}

/** Has metrics of a compiled model weighted: of each output the last so many. */
export function weighLastMetrics(model: TrainableModel, counts: readonly number[]): void {
  const { metricsTensors, metricsNames } = model;
  for (const [output, count] of counts.entries()) {
    const places = metricsTensors.flatMap(([, of], place) => (of === output ? [place] : []));
    for (const place of places.slice(places.length - count)) {
      const [metric] = metricsTensors[place]!;
      const name = metricsNames[place + 1]!;
      if (isStateful(metric)) {
        const fix = "pass it as one of metrics";
        throw new InputError({
          who: "compile",
          expected: "weightedMetrics that are means",
          found: name,
          fix,
        });
      }
      const isTaken = metricsNames.indexOf(name) !== place + 1;
      const prefix = counts.length > 1 ? `${model.outputNames[output]!}_` : "";
      if (isTaken) metricsNames[place + 1] = `${prefix}weighted_${name.slice(prefix.length)}`;
      const mean = weightedMean(metric, name);
      ownMetric(model, mean);
      metricsTensors[place] = [mean, output];
    }
  }
}
