import type { Recording } from "../../tensorflow/graph/recorder.ts";
import { collectLogits } from "../../tensorflow/kernels/logits.ts";
import type { Runtime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";
import { lossName, type TrainableModel } from "../training/trainableModel.ts";
import { lossesFromLogits } from "./lossesFromLogits.ts";

/** A weight and the gradient that is to change it. */
export interface Gradient {
  variable: tf.Variable;
  /** The tensor, which belongs to whoever has it; null where the loss does not depend on the weight. */
  tensor: tf.Tensor | null;
}

/** What one batch has given before the optimizer acts: loss and metrics, gradients. */
export interface Computed {
  scalars: tf.Scalar[];
  gradients: Gradient[];
}

type TrainFunction = (tensors: tf.Tensor[]) => tf.Scalar[];

/**
 * Computes loss, metrics and gradients of a batch as TensorFlow.js's own train function does, with what belongs to the forward
 * pass: moving statistics. The weights stay as they are. Losses of probabilities are computed from their logits.
 */
export function computeGradients(
  model: TrainableModel,
  makeTrainFunction: () => TrainFunction,
  tensors: tf.Tensor[],
): Computed {
  return collectLogits((logitsOf) => {
    let gradients: Gradient[] = [];
    // The model's own function, but with somebody in place of the optimizer who keeps the gradients.
    const minimize = (loss: () => tf.Scalar, _: boolean, variables: tf.Variable[]): tf.Scalar => {
      const { value, grads } = tf.variableGrads(loss, variables);
      gradients = variables.map((variable) => ({ variable, tensor: grads[variable.name] ?? null }));
      return value;
    };
    const lossFunctions = model.lossFunctions.map((usual, output): typeof usual => {
      const fromLogits = lossesFromLogits[lossName(model, output) ?? ""];
      return (target, probabilities) => {
        const logits = fromLogits && logitsOf(probabilities);
        return logits ? fromLogits(target, logits, probabilities) : usual(target, probabilities);
      };
    });
    const observed = Object.create(model, {
      optimizer_: { value: { minimize } },
      lossFunctions: { value: lossFunctions },
    }) as TrainableModel;
    const scalars = makeTrainFunction.call(observed)(tensors);
    return { scalars, gradients };
  });
}

/** Lets the optimizer change the weights, and frees the gradients. */
export function applyGradients(optimizer: tf.Optimizer, gradients: readonly Gradient[]): void {
  const named = gradients.map(({ variable, tensor }) => ({ name: variable.name, tensor: tensor! }));
  optimizer.applyGradients(named);
  for (const { tensor } of gradients) tensor?.dispose();
}

/** A recorded forward and backward pass: tensors by their numbers in the runtime's table. */
export interface RecordedStep {
  recording: Recording;
  /** The batch, in order; undefined where it has nothing, as weights of samples. */
  inputs: (number | undefined)[];
  /** What its random numbers come from. */
  seed: number;
  scalars: number[];
  /** `slot` is the place of a weight among all that are trained. */
  gradients: { variable: tf.Variable; slot: number; id: number }[];
  /** All variables that were there, by the number of the value that they had. */
  variables: Map<number, tf.Variable>;
  /** Those that the forward pass has given a new value: moving statistics. */
  changed: { variable: tf.Variable; id: number }[];
}

/** Computes loss, metrics and gradients of a batch, and writes down how. */
export function recordStep(
  { record, idOf }: Runtime,
  { tensors, seed }: { tensors: readonly (tf.Tensor | null)[]; seed: tf.Tensor1D },
  compute: () => Computed,
): { computed: Computed; recorded: RecordedStep } {
  const all = Object.values(tf.engine().registeredVariables);
  // What JavaScript has made reaches TensorFlow when it is first used: now, or the recording would take it for constants.
  const seedId = idOf(seed);
  const inputs = tensors.map((tensor) => (tensor === null ? undefined : idOf(tensor)));
  const before = all.map(idOf);
  const { result, recording } = record(() => {
    const computed = compute();
    const { scalars, gradients } = computed;
    return {
      computed,
      scalars: scalars.map(idOf),
      gradients: gradients.flatMap(({ variable, tensor }, slot) =>
        tensor === null ? [] : [{ variable, slot, id: idOf(tensor) }],
      ),
      after: all.map(idOf),
    };
  });
  const { computed, scalars, gradients, after } = result;
  return {
    computed,
    recorded: {
      recording,
      inputs,
      seed: seedId,
      scalars,
      gradients,
      variables: new Map(all.map((variable, index) => [before[index]!, variable])),
      changed: all.flatMap((variable, index) =>
        after[index] === before[index] ? [] : [{ variable, id: after[index]! }],
      ),
    },
  };
}
