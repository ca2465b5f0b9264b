import { tf } from "../../tensorflow/tf.ts";
import type { MomentOptions } from "./adam.ts";
import { KerasOptimizer, type Slot, type Update } from "./kerasOptimizer.ts";

/** What optimizers of Adam's family have in common: running means of each variable's gradient and of its square. */
export abstract class MeansOptimizer extends KerasOptimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accumulatedFirstMoment: Slot[] = [];
  readonly accumulatedSecondMoment: Slot[] = [];
  readonly slots = { momentum: this.accumulatedFirstMoment, velocity: this.accumulatedSecondMoment };

  constructor(who: string, options: MomentOptions) {
    super(who, 0.001, options);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  /** The means of one variable, with this step's gradient in them. */
  protected means({ gradient, slots }: Update): { momentum: tf.Variable; velocity: tf.Variable } {
    const [momentum, velocity] = [slots.momentum!, slots.velocity!];
    momentum.assign(tf.add(momentum, tf.mul(tf.sub(gradient, momentum), 1 - this.beta1)));
    velocity.assign(tf.add(velocity, tf.mul(tf.sub(tf.square(gradient), velocity), 1 - this.beta2)));
    return { momentum, velocity };
  }

  protected override get settings(): Record<string, number | boolean> {
    return { beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon };
  }
}
