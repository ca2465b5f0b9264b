import type { Recording } from "../../tensorflow/graph/recorder.ts";
import type { Runtime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { TrainableModel } from "../training/trainableModel.ts";

/** What a layer wants of one of its weights after each step, as that they are not negative. */
export interface WeightConstraint {
  variable: tf.Variable;
  apply: (value: tf.Tensor) => tf.Tensor;
}

/** How constraints change weights: the numbers of the values before, and of those after. */
export interface RecordedConstraints {
  recording: Recording;
  changed: { variable: tf.Variable; before: number; after: number }[];
}

/** The constraints of the weights that a model trains. TensorFlow.js heeds them when weights are set, and forgets them in training. */
export function constraintsOf({ collectedTrainableWeights }: TrainableModel): WeightConstraint[] {
  return collectedTrainableWeights.flatMap((weight) => {
    const { constraint } = weight;
    return constraint === undefined || constraint === null
      ? []
      : [{ variable: weight.read(), apply: (value) => constraint.apply(value) }];
  });
}

/** Gives weights the values that their constraints allow. */
export function constrain(constraints: readonly WeightConstraint[]): void {
  for (const { variable, apply } of constraints) tf.tidy(() => variable.assign(apply(variable)));
}

/** The same, written down. */
export function recordConstraints(
  { record, idOf, ownIdOf }: Runtime,
  constraints: readonly WeightConstraint[],
): RecordedConstraints {
  const before = constraints.map(({ variable }) => ownIdOf(variable));
  const { recording } = record(() => constrain(constraints));
  const changed = constraints.map(({ variable }, index) => ({
    variable,
    before: before[index]!,
    after: idOf(variable),
  }));
  return { recording, changed };
}
