import { tf } from "../../tensorflow/tf.ts";
import {
  checkOptions,
  KerasOptimizer,
  type OptimizerOptions,
  type Slot,
  type StepNumbers,
  type Update,
} from "./kerasOptimizer.ts";

/** Options of {@link adagrad}. */
export interface AdagradOptions extends OptimizerOptions {
  /** With what the sums of squares begin. Default 0.1. */
  initialAccumulatorValue?: number;
  /** Default 1e-7. */
  epsilon?: number;
}

/** Steps divided by the root of the sum of all squared gradients so far (Duchi 2011). */
export class Adagrad extends KerasOptimizer {
  static readonly className = "Adagrad";
  readonly initialAccumulatorValue: number;
  readonly epsilon: number;
  readonly accumulatedGrads: Slot[] = [];
  protected override readonly firstValues: Readonly<Record<string, number>>;
  readonly slots = { accumulator: this.accumulatedGrads };

  constructor(options: AdagradOptions = {}) {
    super("adagrad", 0.001, options);
    const { initialAccumulatorValue = 0.1, epsilon = 1e-7 } = options;
    this.initialAccumulatorValue = initialAccumulatorValue;
    this.epsilon = epsilon;
    this.firstValues = { accumulator: initialAccumulatorValue };
  }

  protected override update(updates: readonly Update[], { rate }: StepNumbers): void {
    for (const { gradient, variable, slots } of updates) {
      const accumulator = slots.accumulator!;
      accumulator.assign(tf.add(accumulator, tf.square(gradient)));
      const root = tf.sqrt(tf.add(accumulator, this.epsilon));
      variable.assign(tf.sub(variable, tf.div(tf.mul(gradient, rate), root)));
    }
  }

  protected override get settings(): Record<string, number | boolean> {
    return { initialAccumulatorValue: this.initialAccumulatorValue, epsilon: this.epsilon };
  }
}

/**
 * Adagrad, as Keras has it.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.adagrad({ learningRate: 0.01 }), loss: "categoricalCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.001, `initialAccumulatorValue` 0.1, `epsilon` 1e-7, and see {@link OptimizerOptions}
 */
export function adagrad(options: AdagradOptions = {}): Adagrad {
  checkOptions("adagrad", options, ["initialAccumulatorValue", "epsilon"]);
  return new Adagrad(options);
}
