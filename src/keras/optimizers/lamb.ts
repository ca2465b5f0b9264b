import { tf } from "../../tensorflow/tf.ts";
import type { MomentOptions } from "./adam.ts";
import { checkOptions, type StepNumbers, type Update } from "./kerasOptimizer.ts";
import { MeansOptimizer } from "./meansOptimizer.ts";

/** Adam whose steps are as long, beside each variable, as its own length (You 2019). */
export class Lamb extends MeansOptimizer {
  static readonly className = "Lamb";

  constructor(options: MomentOptions = {}) {
    super("lamb", options);
  }

  protected override update(updates: readonly Update[], { rate, bias1, bias2 }: StepNumbers): void {
    for (const update of updates) {
      const { variable } = update;
      const { momentum, velocity } = this.means(update);
      const root = tf.add(tf.sqrt(tf.div(velocity, bias2!)), this.epsilon);
      const way = tf.div(tf.div(momentum, bias1!), root);
      const [own, other] = [tf.norm(variable), tf.norm(way)];
      const both = tf.logicalAnd(tf.greater(own, 0), tf.greater(other, 0));
      const ratio = tf.where(both, tf.divNoNan(own, other), tf.onesLike(own));
      variable.assign(tf.sub(variable, tf.mul(way, tf.mul(ratio, rate))));
    }
  }

  /** What is missing from the means after so few steps. */
  protected override ownNumbers(): Record<string, number> {
    const step = this.iterations + 1;
    return { bias1: 1 - this.beta1 ** step, bias2: 1 - this.beta2 ** step };
  }
}

/**
 * LAMB, as Keras has it: for large batches.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.lamb(), loss: "categoricalCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7, and see {@link OptimizerOptions}
 */
export function lamb(options: MomentOptions = {}): Lamb {
  checkOptions("lamb", options, ["beta1", "beta2", "epsilon"]);
  return new Lamb(options);
}
