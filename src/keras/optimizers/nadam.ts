import { tf } from "../../tensorflow/tf.ts";
import type { MomentOptions } from "./adam.ts";
import { checkOptions, KerasOptimizer, type Slot, type Update } from "./kerasOptimizer.ts";

/** Adam with Nesterov's momentum (Dozat 2015). */
export class Nadam extends KerasOptimizer {
  static readonly className = "Nadam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accumulatedFirstMoment: Slot[] = [];
  readonly accumulatedSecondMoment: Slot[] = [];
  readonly slots = { momentum: this.accumulatedFirstMoment, velocity: this.accumulatedSecondMoment };
  /** The product of the weights of momentum over so many steps, which are cheap to multiply again after a restart. */
  #product = { steps: 0, value: 1 };

  constructor(options: MomentOptions = {}) {
    super("nadam", 0.001, options);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  protected override update(updates: readonly Update[], rate: number): void {
    const step = this.iterations + 1;
    const [now, next] = [this.#weight(step), this.#weight(step + 1)];
    const product = this.#productOf(step);
    const bias = 1 - this.beta2 ** step;
    for (const { gradient, variable, slots } of updates) {
      const [momentum, velocity] = [slots.momentum!, slots.velocity!];
      momentum.assign(tf.add(momentum, tf.mul(tf.sub(gradient, momentum), 1 - this.beta1)));
      velocity.assign(tf.add(velocity, tf.mul(tf.sub(tf.square(gradient), velocity), 1 - this.beta2)));
      const ahead = tf.add(
        tf.mul(momentum, (rate * next) / (1 - product * next)),
        tf.mul(gradient, (rate * (1 - now)) / (1 - product)),
      );
      variable.assign(tf.sub(variable, tf.div(ahead, tf.add(tf.sqrt(tf.div(velocity, bias)), this.epsilon))));
    }
  }

  #weight(step: number): number {
    return this.beta1 * (1 - 0.5 * 0.96 ** step);
  }

  #productOf(step: number): number {
    if (this.#product.steps > step) this.#product = { steps: 0, value: 1 };
    while (this.#product.steps < step) this.#product.value *= this.#weight(++this.#product.steps);
    return this.#product.value;
  }

  protected override get settings(): Record<string, number | boolean> {
    return { beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon };
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
