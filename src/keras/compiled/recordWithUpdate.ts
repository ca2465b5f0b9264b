import type { Runtime } from "../../tensorflow/runtime.ts";
import { tf } from "../../tensorflow/tf.ts";
import type { KerasOptimizer } from "../optimizers/kerasOptimizer.ts";
import { constrain, type WeightConstraint } from "./constraints.ts";
import { countStep } from "./optimizerUpdates.ts";
import { record, type Computed, type Given, type Recorded } from "./record.ts";

/**
 * Computes a batch and lets an optimizer change the weights by its own code, and writes down both: the weights and the optimizer's slots
 * are then among what was changed, as moving statistics are.
 */
export function recordWithUpdate(
  runtime: Runtime,
  optimizer: KerasOptimizer,
  {
    compute,
    weights,
    constraints,
    ...given
  }: Given & {
    compute: () => Computed;
    weights: readonly tf.Variable[];
    constraints: readonly WeightConstraint[];
  },
): { outputs: tf.Tensor[]; recorded: Recorded } {
  // What is made while the computation is recorded would be taken for something that a layer keeps.
  optimizer.prepare(weights);
  const numbers = tf.tidy(() => optimizer.stepNumbers());
  try {
    const { computed, recorded } = record(runtime, { ...given, numbers }, () => {
      const { outputs, gradients, finite } = compute();
      const found = gradients.flatMap(({ variable, tensor }) =>
        tensor === null ? [] : [{ variable, gradient: tensor }],
      );
      tf.tidy(() => {
        const change = () => optimizer.change(found, numbers);
        if (finite) changeIf(finite, change);
        else change();
      });
      constrain(constraints);
      tf.dispose([...found.map(({ gradient }) => gradient), ...(finite ? [finite] : [])]);
      return { outputs, gradients: [] };
    });
    countStep(optimizer);
    return { outputs: computed.outputs, recorded };
  } finally {
    tf.dispose(numbers);
  }
}

/** Lets variables be changed, and puts back what was there unless `condition` holds, which a recording asks for anew each time. */
function changeIf(condition: tf.Tensor, change: () => void): void {
  const variables = Object.values(tf.engine().registeredVariables);
  const before = variables.map((variable) => variable.clone());
  change();
  for (const [index, variable] of variables.entries()) {
    const was = before[index]!;
    if (variable.dataId !== was.dataId) variable.assign(tf.where(condition, variable, was));
  }
}
