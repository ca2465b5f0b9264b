import { tf } from "../../tensorflow/tf.ts";
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from "../losses/crossentropy.ts";
import { newLoss, type Loss } from "../losses/loss.ts";
import { accuracy } from "../metrics/accuracy.ts";
import { lossOf } from "../training/trainableModel.ts";

/** A name that TensorFlow.js knows, or a function. */
export type Metric = string | ((yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor);

/** The crossentropy that fits targets and predictions, chosen as `accuracy()` chooses. */
function crossentropy(): Loss {
  const [binary, sparse] = [binaryCrossentropy(), sparseCategoricalCrossentropy()];
  const oneHot = categoricalCrossentropy();
  return newLoss("Crossentropy", "ce", {}, (yTrue, yPred) => {
    if (yPred.shape.at(-1) === 1) return binary(yTrue, yPred);
    const isSparse = yTrue.rank < yPred.rank || yTrue.shape.at(-1) === 1;
    return (isSparse ? sparse : oneHot)(yTrue, yPred);
  });
}

/** The metric of a word that means several, under the name that TensorFlow.js reports. */
function chosenByShape(metric: Metric): Metric {
  if (metric === "accuracy" || metric === "acc")
    return Object.defineProperty(accuracy(), "name", { value: "acc" });
  return metric === "crossentropy" || metric === "ce" ? crossentropy() : metric;
}

/** The metrics of one output: those that are the same for all, or named for each, or listed for each. */
export function metricsOf(
  metrics: tf.ModelCompileArgs["metrics"],
  outputNames: readonly string[],
  output: number,
): unknown[] {
  if (Array.isArray(metrics)) {
    const isForEach = (metrics as unknown[]).some((one) => Array.isArray(one));
    return isForEach ? [metrics[output] ?? []].flat() : metrics;
  }
  const isByName = typeof metrics === "object";
  const own = isByName ? (metrics as Record<string, unknown>)[outputNames[output]!] : metrics;
  return [own ?? []].flat();
}

/**
 * The metrics of each output, of which `named` makes those that are names, and in which "accuracy" and "crossentropy" go by the shapes of targets and predictions, as in Keras,
 * where the loss is a function. TensorFlow.js knows only what its own losses want, and takes all others for categorical.
 */
export function metricsByShape(
  { loss, metrics }: tf.ModelCompileArgs,
  outputNames: readonly string[],
  named: (name: string) => Metric,
): Record<string, Metric[]> | undefined {
  if (metrics === undefined) return undefined;
  return Object.fromEntries(
    outputNames.map((name, output) => {
      const given = metricsOf(metrics, outputNames, output) as Metric[];
      const list = given.map((metric) => (typeof metric === "string" ? named(metric) : metric));
      return [name, typeof lossOf(loss, outputNames, output) === "function" ? list.map(chosenByShape) : list];
    }),
  );
}
