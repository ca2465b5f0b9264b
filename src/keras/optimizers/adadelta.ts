import { tf } from "../../tensorflow/tf.ts";
import {
  checkOptions,
  KerasOptimizer,
  type OptimizerOptions,
  type Slot,
  type StepNumbers,
  type Update,
} from "./kerasOptimizer.ts";

/** Options of {@link adadelta}. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** How much of the means goes on. Default 0.95. */
  rho?: number;
  /** Default 1e-7. */
  epsilon?: number;
}

/** Steps as long as the steps so far, by the gradients so far (Zeiler 2012). */
export class Adadelta extends KerasOptimizer {
  static readonly className = "Adadelta";
  readonly rho: number;
  readonly epsilon: number;
  readonly accumulatedGrads: Slot[] = [];
  readonly accumulatedUpdates: Slot[] = [];
  readonly slots = {
    accumulated_grad: this.accumulatedGrads,
    accumulated_delta_var: this.accumulatedUpdates,
  };

  constructor(options: AdadeltaOptions = {}) {
    super("adadelta", 0.001, options);
    const { rho = 0.95, epsilon = 1e-7 } = options;
    this.rho = rho;
    this.epsilon = epsilon;
  }

  protected override update(updates: readonly Update[], { rate }: StepNumbers): void {
    const mean = (old: tf.Tensor, value: tf.Tensor) =>
      tf.add(tf.mul(old, this.rho), tf.mul(tf.square(value), 1 - this.rho));
    const root = (square: tf.Tensor) => tf.sqrt(tf.add(square, this.epsilon));
    for (const { gradient, variable, slots } of updates) {
      const [grads, steps] = [slots.accumulated_grad!, slots.accumulated_delta_var!];
      grads.assign(mean(grads, gradient));
      const step = tf.div(tf.mul(root(steps), gradient), root(grads));
      steps.assign(mean(steps, step));
      variable.assign(tf.sub(variable, tf.mul(step, rate)));
    }
  }

  protected override get settings(): Record<string, number | boolean> {
    return { rho: this.rho, epsilon: this.epsilon };
  }
}

/**
 * Adadelta, as Keras has it.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.adadelta({ learningRate: 1 }), loss: "categoricalCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.001, `rho` 0.95, `epsilon` 1e-7, and see {@link OptimizerOptions}
 */
export function adadelta(options: AdadeltaOptions = {}): Adadelta {
  checkOptions("adadelta", options, ["rho", "epsilon"]);
  return new Adadelta(options);
}
