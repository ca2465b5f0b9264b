import { tf } from "../../tensorflow/tf.ts";
import type { MomentOptions } from "./adam.ts";
import { checkOptions, KerasOptimizer, type Slot, type StepNumbers, type Update } from "./kerasOptimizer.ts";

/** Steps of one length, in the direction of a mean gradient's sign (Chen 2023). */
export class Lion extends KerasOptimizer {
  static readonly className = "Lion";
  readonly beta1: number;
  readonly beta2: number;
  readonly accumulatedFirstMoment: Slot[] = [];
  readonly slots = { momentum: this.accumulatedFirstMoment };

  constructor(options: Omit<MomentOptions, "epsilon"> = {}) {
    super("lion", 0.001, options);
    const { beta1 = 0.9, beta2 = 0.99 } = options;
    this.beta1 = beta1;
    this.beta2 = beta2;
  }

  protected override update(updates: readonly Update[], { rate }: StepNumbers): void {
    for (const { gradient, variable, slots } of updates) {
      const momentum = slots.momentum!;
      const mean = (beta: number) => tf.add(tf.mul(momentum, beta), tf.mul(gradient, 1 - beta));
      variable.assign(tf.sub(variable, tf.mul(tf.sign(mean(this.beta1)), rate)));
      momentum.assign(mean(this.beta2));
    }
  }

  protected override get settings(): Record<string, number | boolean> {
    return { beta1: this.beta1, beta2: this.beta2 };
  }
}

/**
 * Lion, as Keras has it.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.lion({ learningRate: 1e-4 }), loss: "categoricalCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.99, and see {@link OptimizerOptions}
 */
export function lion(options: Omit<MomentOptions, "epsilon"> = {}): Lion {
  checkOptions("lion", options, ["beta1", "beta2"]);
  return new Lion(options);
}
