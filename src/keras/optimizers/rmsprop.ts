import { tf } from "../../tensorflow/tf.ts";
import {
  checkOptions,
  KerasOptimizer,
  type OptimizerOptions,
  type Slot,
  type StepNumbers,
  type Update,
} from "./kerasOptimizer.ts";

/** Options of {@link rmsprop}. */
export interface RmspropOptions extends OptimizerOptions {
  /** How much of the mean square goes on. Default 0.9. */
  rho?: number;
  /** How much of the last step goes on. Default 0. */
  momentum?: number;
  /** Default 1e-7. */
  epsilon?: number;
  /** Whether squares are taken about the mean gradient. Default false. */
  centered?: boolean;
}

/** Steps divided by the root of a running mean of squared gradients (Hinton 2012), in Keras' form. */
export class RMSprop extends KerasOptimizer {
  static readonly className = "RMSProp";
  /** Keras' `rho`. */
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;
  readonly accumulatedMeanSquares: Slot[] = [];
  readonly accumulatedMoments: Slot[] = [];
  readonly accumulatedMeanGrads: Slot[] = [];
  readonly slots: Readonly<Record<string, Slot[]>>;

  constructor(options: RmspropOptions = {}) {
    super("rmsprop", 0.001, options);
    const { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = options;
    this.decay = rho;
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.centered = centered;
    this.slots = {
      velocity: this.accumulatedMeanSquares,
      momentum: this.accumulatedMoments,
      ...(centered && { average_gradient: this.accumulatedMeanGrads }),
    };
  }

  protected override update(updates: readonly Update[], { rate }: StepNumbers): void {
    const mean = (old: tf.Tensor, value: tf.Tensor) =>
      tf.add(tf.mul(old, this.decay), tf.mul(value, 1 - this.decay));
    for (const { gradient, variable, slots } of updates) {
      const { velocity, momentum, average_gradient: average } = slots;
      velocity!.assign(mean(velocity!, tf.square(gradient)));
      average?.assign(mean(average, gradient));
      const spread = average === undefined ? velocity! : tf.sub(velocity!, tf.square(average));
      const step = tf.div(tf.mul(gradient, rate), tf.sqrt(tf.add(spread, this.epsilon)));
      momentum!.assign(tf.add(tf.mul(momentum!, this.momentum), step));
      variable.assign(tf.sub(variable, momentum!));
    }
  }

  protected override get settings(): Record<string, number | boolean> {
    const { decay, momentum, epsilon, centered } = this;
    return { decay, momentum, epsilon, centered };
  }
}

/**
 * RMSprop, as Keras has it.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.rmsprop({ learningRate: 1e-4 }), loss: "binaryCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.001, `rho` 0.9, `momentum` 0, `epsilon` 1e-7, `centered` false, and see {@link OptimizerOptions}
 */
export function rmsprop(options: RmspropOptions = {}): RMSprop {
  checkOptions("rmsprop", options, ["rho", "momentum", "epsilon", "centered"]);
  return new RMSprop(options);
}
