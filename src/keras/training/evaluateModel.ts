import { tf } from "../../tensorflow/tf.ts";
import { compiledModel } from "../compiled/compiledModels.ts";
import { statefulMetricsOf } from "../metrics/statefulMetric.ts";
import { withWeights, type Tensors } from "./batches.ts";
import { checkCount } from "./checkCount.ts";
import { completeBatch, orderBatch } from "./orderBatch.ts";
import { inOrder } from "./permutation.ts";
import { compiledOnly, type TrainableModel } from "./trainableModel.ts";

const who = "evaluate";

/**
 * What `model.evaluate` does: loss and metrics of all samples, with rows gathered within the steps. Weights of samples count in
 * the loss.
 *
 * @returns the loss; with metrics, it and these
 */
export function evaluateModel(
  model: TrainableModel,
  x: Tensors,
  y: Tensors,
  { sampleWeight, ...options }: tf.ModelEvaluateArgs = {},
): tf.Scalar | tf.Scalar[] {
  compiledOnly(model, who);
  // Null stands for the default, too, as in TensorFlow.js.
  const batchSize = options.batchSize ?? 32;
  const steps = options.steps ?? Infinity;
  checkCount(who, "batchSize", batchSize);
  const { test } = compiledModel(model);
  const stateful = statefulMetricsOf(model as unknown as tf.LayersModel);
  for (const metric of stateful.values()) metric.resetState();
  return tf.tidy(() => {
    const { tensors, size } = orderBatch(model, withWeights(x, y, sampleWeight), { who });
    const whole = completeBatch(model, tensors, undefined);
    const values: tf.Scalar[][] = [];
    const sizes: number[] = [];
    const order = inOrder(size);
    for (let start = 0; start < size && sizes.length < steps; start += batchSize) {
      const rows = order.subarray(start, start + batchSize);
      values.push(test.run({ tensors: whole, rows }) as tf.Scalar[]);
      sizes.push(rows.length);
    }
    const seen = sizes.reduce((sum, each) => sum + each);
    const shares = tf.tensor1d(sizes.map((each) => each / seen));
    const results = values[0]!.map((_, index) => {
      const each = values.map((list) => list[index]!);
      return stateful.has(index) ? each.at(-1)! : tf.sum<tf.Scalar>(tf.mul(tf.stack(each), shares));
    });
    return results.length === 1 ? results[0]! : results;
  });
}
