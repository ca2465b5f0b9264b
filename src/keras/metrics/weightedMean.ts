import { tf } from "../../tensorflow/tf.ts";
import { weigh } from "../training/sampleWeights.ts";
import { newStatefulMetric, type StatefulMetric } from "./statefulMetric.ts";

type Metric = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** The mean of a metric over all samples since it was reset, in which each counts as much as in the loss. */
export function weightedMean(metric: Metric, name: string): StatefulMetric {
  return newStatefulMetric({
    className: "MeanMetricWrapper",
    name,
    shape: () => [2],
    count(yTrue, yPred, weights) {
      const each = metric(yTrue, yPred);
      const shares = tf.onesLike(each);
      const [values, counts] = weights ? [weigh(each, weights), weigh(shares, weights)] : [each, shares];
      return tf.stack([tf.sum(values), tf.sum(counts)]);
    },
    result: (sums) => tf.divNoNan(tf.slice(sums, 0, 1), tf.slice(sums, 1, 1)).asScalar(),
  });
}
