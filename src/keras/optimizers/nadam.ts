import { tf } from "../../tensorflow/tf.ts";
import type { MomentOptions } from "./adam.ts";
import { checkOptions, type StepNumbers, type Update } from "./kerasOptimizer.ts";
import { MeansOptimizer } from "./meansOptimizer.ts";

/** Adam with Nesterov's momentum (Dozat 2015). */
export class Nadam extends MeansOptimizer {
  static readonly className = "Nadam";
  /** The product of the weights of momentum over so many steps, which are cheap to multiply again after a restart. */
  #product = { steps: 0, value: 1 };

  constructor(options: MomentOptions = {}) {
    super("nadam", options);
  }

  protected override update(updates: readonly Update[], { mean, now, bias }: StepNumbers): void {
    for (const update of updates) {
      const { gradient, variable } = update;
      const { momentum, velocity } = this.means(update);
      const ahead = tf.add(tf.mul(momentum, mean!), tf.mul(gradient, now!));
      const root = tf.add(tf.sqrt(tf.div(velocity, bias!)), this.epsilon);
      variable.assign(tf.sub(variable, tf.div(ahead, root)));
    }
  }

  /** What the mean gradient and this step's count for, and what is missing from the mean square. */
  protected override ownNumbers(rate: number): Record<string, number> {
    const step = this.iterations + 1;
    const [now, next] = [this.#weight(step), this.#weight(step + 1)];
    const product = this.#productOf(step);
    return {
      mean: (rate * next) / (1 - product * next),
      now: (rate * (1 - now)) / (1 - product),
      bias: 1 - this.beta2 ** step,
    };
  }

  #weight(step: number): number {
    return this.beta1 * (1 - 0.5 * 0.96 ** step);
  }

  #productOf(step: number): number {
    if (this.#product.steps > step) this.#product = { steps: 0, value: 1 };
    while (this.#product.steps < step) this.#product.value *= this.#weight(++this.#product.steps);
    return this.#product.value;
  }
}

/**
 * Nadam, as Keras has it.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.nadam(), loss: "categoricalCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7, and see {@link OptimizerOptions}
 */
export function nadam(options: MomentOptions = {}): Nadam {
  checkOptions("nadam", options, ["beta1", "beta2", "epsilon"]);
  return new Nadam(options);
}
