import { tf } from "../../tensorflow/tf.ts";
import type { MomentOptions } from "./adam.ts";
import { checkOptions, KerasOptimizer, type Slot, type Update } from "./kerasOptimizer.ts";

/** Adam whose steps are as long, beside each variable, as its own length (You 2019). */
export class Lamb extends KerasOptimizer {
  static readonly className = "Lamb";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accumulatedFirstMoment: Slot[] = [];
  readonly accumulatedSecondMoment: Slot[] = [];
  readonly slots = { momentum: this.accumulatedFirstMoment, velocity: this.accumulatedSecondMoment };

  constructor(options: MomentOptions = {}) {
    super("lamb", 0.001, options);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  protected override update(updates: readonly Update[], rate: number): void {
    const step = this.iterations + 1;
    const [bias1, bias2] = [1 - this.beta1 ** step, 1 - this.beta2 ** step];
    for (const { gradient, variable, slots } of updates) {
      const [momentum, velocity] = [slots.momentum!, slots.velocity!];
      momentum.assign(tf.add(momentum, tf.mul(tf.sub(gradient, momentum), 1 - this.beta1)));
      velocity.assign(tf.add(velocity, tf.mul(tf.sub(tf.square(gradient), velocity), 1 - this.beta2)));
      const root = tf.add(tf.sqrt(tf.div(velocity, bias2)), this.epsilon);
      const way = tf.div(tf.div(momentum, bias1), root);
      const [own, other] = [tf.norm(variable), tf.norm(way)];
      const both = tf.logicalAnd(tf.greater(own, 0), tf.greater(other, 0));
      const ratio = tf.where(both, tf.divNoNan(own, other), tf.onesLike(own));
      variable.assign(tf.sub(variable, tf.mul(way, tf.mul(ratio, rate))));
    }
  }

  protected override get settings(): Record<string, number | boolean> {
    return { beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon };
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
