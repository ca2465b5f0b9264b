import { collectLogits } from "../../tensorflow/kernels/logits.ts";
import { tf } from "../../tensorflow/tf.ts";
import { isStateful } from "../metrics/statefulMetric.ts";
import { weigh } from "../training/sampleWeights.ts";
import { lossName, type TrainableModel } from "../training/trainableModel.ts";
import { lossScaleOf, type LossScale } from "./lossScale.ts";
import { lossesFromLogits } from "./lossesFromLogits.ts";
import type { Computed, Gradient } from "./record.ts";

type LogitsOf = (probabilities: tf.Tensor) => tf.Tensor | undefined;

/** Some outputs may have no weights of samples. */
type BatchTensors = readonly (tf.Tensor | null)[];

/** A batch, and how the model goes through it. */
interface Pass {
  /** Inputs, targets and, where samples do not count alike, their weights: one for each output. */
  tensors: BatchTensors;
  training: boolean;
  logitsOf: LogitsOf;
}

/**
 * Computes loss, metrics and gradients of a batch, with what belongs to the forward pass: moving statistics. The weights stay
 * as they are.
 */
export function trainOnBatch(model: TrainableModel, tensors: BatchTensors): Computed {
  const variables = model.collectedTrainableWeights.map((weight) => weight.read());
  // All layers may be frozen: loss and metrics are told all the same.
  if (!variables.some(({ trainable }) => trainable))
    return { outputs: judgeBatch(model, tensors, true), gradients: [] };
  const scale = model.optimizer_ && lossScaleOf(model.optimizer_);
  let outputs: tf.Tensor[] = [];
  return collectLogits((logitsOf) => {
    const { value, grads } = tf.variableGrads(() => {
      const { loss, metrics } = judge(model, { tensors, training: true, logitsOf });
      outputs = [loss, ...metrics].map((output) => tf.keep(output.clone()));
      return scale ? scale.apply(loss) : loss;
    }, variables);
    value.dispose();
    const gradients = variables.map((variable): Gradient => ({
      variable,
      tensor: grads[variable.name] ?? null,
    }));
    return { outputs, ...(scale ? settle(scale, gradients) : { gradients }) };
  });
}

/** The gradients of a loss that was scaled, which are freed. */
function settle(scale: LossScale, scaled: readonly Gradient[]): Pick<Computed, "gradients" | "finite"> {
  const tensors = scaled.flatMap(({ tensor }) => tensor ?? []);
  const { gradients, finite } = tf.tidy(() => scale.settle(tensors));
  tf.dispose(tensors);
  return {
    gradients: scaled.map(({ variable, tensor }) => ({
      variable,
      tensor: tensor && gradients[tensors.indexOf(tensor)]!,
    })),
    finite,
  };
}

/** Loss and metrics of a batch. */
export function evaluateBatch(model: TrainableModel, tensors: BatchTensors): tf.Tensor[] {
  return judgeBatch(model, tensors, false);
}

function judgeBatch(model: TrainableModel, tensors: BatchTensors, training: boolean): tf.Tensor[] {
  return collectLogits((logitsOf) =>
    tf.tidy(() => {
      const { loss, metrics } = judge(model, { tensors, training, logitsOf });
      return [loss, ...metrics];
    }),
  );
}

/**
 * What a model is trained to make small, and its metrics, as Keras has them: the loss of each output is the mean of its weighted
 * losses, the whole their weighted sum and the penalties of regularizers. TensorFlow.js knows no weights, leaves the penalties out
 * when it evaluates, and mixes up the losses of several outputs there.
 */
function judge(
  model: TrainableModel,
  { tensors, training, logitsOf }: Pass,
): { loss: tf.Scalar; metrics: tf.Tensor[] } {
  const { inputs, outputs: symbols, lossWeights, metricsTensors } = model;
  const [xs, targets] = [
    tensors.slice(0, inputs.length) as tf.Tensor[],
    tensors.slice(inputs.length, inputs.length + symbols.length) as tf.Tensor[],
  ];
  const weights = tensors.slice(inputs.length + symbols.length);

  const outputs = [model.call(xs, training ? { training } : {})].flat();
  const losses = outputs.map((output, index): tf.Tensor => {
    const each = lossesOf(model, index, logitsOf)(targets[index]!, output);
    const weight = weights[index] ?? undefined;
    return tf.mean(weight === undefined ? each : weigh(each, weight));
  });
  const weighted = losses.map((loss, index) => {
    const weight = lossWeights?.[index] ?? 1;
    return weight === 1 ? loss : tf.mul(loss, weight);
  });
  const loss = [...weighted, ...model.calculateLosses()].reduce((sum, each) => tf.add(sum, each));
  const metrics = metricsTensors.map(([metric, output], index) =>
    // The first metrics of a model with several outputs are their losses.
    symbols.length > 1 && index < symbols.length
      ? losses[index]!
      : isStateful(metric)
        ? metric(targets[output]!, outputs[output]!, weights[output] ?? undefined)
        : tf.mean(metric(targets[output]!, outputs[output]!)),
  );
  return { loss: loss as tf.Scalar, metrics };
}

/** The losses of samples at an output, from logits where probabilities were just made of them. */
function lossesOf(
  model: TrainableModel,
  output: number,
  logitsOf: LogitsOf,
): TrainableModel["lossFunctions"][number] {
  const usual = model.lossFunctions[output]!;
  const fromLogits = lossesFromLogits[lossName(model, output) ?? ""];
  return (target, probabilities) => {
    const logits = fromLogits && logitsOf(probabilities);
    return logits ? fromLogits(target, logits, probabilities) : usual(target, probabilities);
  };
}
