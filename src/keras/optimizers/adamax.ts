import { tf } from "../../tensorflow/tf.ts";
import type { MomentOptions } from "./adam.ts";
import { checkOptions, KerasOptimizer, type Slot, type StepNumbers, type Update } from "./kerasOptimizer.ts";

/** Adam with the largest gradient in place of the mean square (Kingma and Ba 2014, section 7). */
export class Adamax extends KerasOptimizer {
  static readonly className = "Adamax";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accumulatedFirstMoment: Slot[] = [];
  readonly accumulatedWeightedInfNorm: Slot[] = [];
  /** The power of beta1 for the next step. */
  readonly accBeta1: tf.Variable;
  readonly slots = { momentum: this.accumulatedFirstMoment, norm: this.accumulatedWeightedInfNorm };

  constructor(options: MomentOptions = {}) {
    super("adamax", 0.001, options);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.accBeta1 = tf.tidy(() => tf.scalar(beta1).variable(false));
  }

  protected override update(updates: readonly Update[], { rate }: StepNumbers): void {
    const scale = tf.div(rate, tf.sub(1, this.accBeta1));
    for (const { gradient, variable, slots } of updates) {
      const [momentum, norm] = [slots.momentum!, slots.norm!];
      momentum.assign(tf.add(momentum, tf.mul(tf.sub(gradient, momentum), 1 - this.beta1)));
      norm.assign(tf.maximum(tf.mul(norm, this.beta2), tf.abs(gradient)));
      variable.assign(tf.sub(variable, tf.div(tf.mul(momentum, scale), tf.add(norm, this.epsilon))));
    }
    this.accBeta1.assign(tf.mul(this.accBeta1, this.beta1));
  }

  protected override get settings(): Record<string, number | boolean> {
    return { beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon };
  }

  override async setWeights(weights: Parameters<tf.Optimizer["setWeights"]>[0]): Promise<void> {
    await super.setWeights(weights);
    tf.tidy(() => this.accBeta1.assign(tf.scalar(this.beta1 ** (this.iterations + 1))));
  }

  override dispose(): void {
    super.dispose();
    this.accBeta1.dispose();
  }
}

/**
 * Adamax, as Keras has it.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.adamax(), loss: "categoricalCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7, and see {@link OptimizerOptions}
 */
export function adamax(options: MomentOptions = {}): Adamax {
  checkOptions("adamax", options, ["beta1", "beta2", "epsilon"]);
  return new Adamax(options);
}
