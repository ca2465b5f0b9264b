import { collectLogits } from "../../tensorflow/kernels/logits.ts";
import { tf } from "../../tensorflow/tf.ts";
import { lossName, type TrainableModel } from "../training/trainableModel.ts";
import { lossesFromLogits } from "./lossesFromLogits.ts";
import type { ModelMethods } from "./modelMethods.ts";
import type { Computed, Gradient } from "./record.ts";

/**
 * Computes loss, metrics and gradients of a batch as TensorFlow.js's own train function does, with what belongs to the forward
 * pass: moving statistics. The weights stay as they are.
 */
export function trainOnBatch(model: TrainableModel, usual: ModelMethods, tensors: tf.Tensor[]): Computed {
  let gradients: Gradient[] = [];
  // Somebody in place of the optimizer who keeps the gradients.
  const minimize = (loss: () => tf.Scalar, _: boolean, variables: tf.Variable[]): tf.Scalar => {
    const { value, grads } = tf.variableGrads(loss, variables);
    gradients = variables.map((variable) => ({ variable, tensor: grads[variable.name] ?? null }));
    return value;
  };
  const outputs = withLossesFromLogits(model, { optimizer_: { minimize } }, (changed) =>
    usual.makeTrainFunction.call(changed)(tensors),
  );
  return { outputs, gradients };
}

/**
 * Loss and metrics of a batch, as Keras has them. TensorFlow.js leaves the penalties of regularizers out of the loss, and mixes up
 * the losses of several outputs.
 */
export function evaluateBatch(model: TrainableModel, tensors: tf.Tensor[]): tf.Tensor[] {
  const { inputs, outputs: symbols, metricsTensors } = model;
  return withLossesFromLogits(model, {}, ({ lossFunctions }) =>
    tf.tidy(() => {
      const outputs = [model.call(tensors.slice(0, inputs.length), {})].flat();
      const targets = tensors.slice(inputs.length);
      const losses = lossFunctions.map((loss, index) => tf.mean(loss(targets[index]!, outputs[index]!)));
      const total = [...losses, ...model.calculateLosses()].reduce((sum, loss) => tf.add(sum, loss));
      const metrics = metricsTensors.map(([metric, output], index) =>
        // The first metrics of a model with several outputs are their losses.
        symbols.length > 1 && index < symbols.length
          ? losses[index]!
          : tf.mean(metric(targets[output]!, outputs[output]!)),
      );
      return [total, ...metrics];
    }),
  );
}

/** Runs `body` with a model that computes losses of probabilities from their logits, and has other members besides. */
function withLossesFromLogits<Result>(
  model: TrainableModel,
  members: Record<string, unknown>,
  body: (changed: TrainableModel) => Result,
): Result {
  return collectLogits((logitsOf) => {
    const lossFunctions = model.lossFunctions.map((usual, output): typeof usual => {
      const fromLogits = lossesFromLogits[lossName(model, output) ?? ""];
      return (target, probabilities) => {
        const logits = fromLogits && logitsOf(probabilities);
        return logits ? fromLogits(target, logits, probabilities) : usual(target, probabilities);
      };
    });
    const changed = Object.create(model) as TrainableModel;
    for (const [name, value] of Object.entries({ lossFunctions, ...members }))
      Object.defineProperty(changed, name, { value });
    return body(changed);
  });
}
