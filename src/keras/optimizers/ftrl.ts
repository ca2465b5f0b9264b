import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import {
  checkOptions,
  KerasOptimizer,
  type OptimizerOptions,
  type Slot,
  type StepNumbers,
  type Update,
} from "./kerasOptimizer.ts";

/** Options of {@link ftrl}. */
export interface FtrlOptions extends OptimizerOptions {
  /** How the rate falls with the squares of the gradients so far; at most 0. Default -0.5. */
  learningRatePower?: number;
  /** With what the sums of squares begin. Default 0.1. */
  initialAccumulatorValue?: number;
  /** Default 0. */
  l1RegularizationStrength?: number;
  /** Default 0. */
  l2RegularizationStrength?: number;
  /** Acts on the gradient, not on the sum of all. Default 0. */
  l2ShrinkageRegularizationStrength?: number;
  /** Default 0. */
  beta?: number;
}

const defaults = {
  learningRatePower: -0.5,
  initialAccumulatorValue: 0.1,
  l1RegularizationStrength: 0,
  l2RegularizationStrength: 0,
  l2ShrinkageRegularizationStrength: 0,
  beta: 0,
};

/** Follows the leader of all steps so far, regularized (McMahan 2013). */
export class Ftrl extends KerasOptimizer {
  static readonly className = "Ftrl";
  readonly options: Readonly<typeof defaults>;
  readonly accumulators: Slot[] = [];
  readonly linears: Slot[] = [];
  protected override readonly firstValues: Readonly<Record<string, number>>;
  readonly slots = { accumulator: this.accumulators, linear: this.linears };

  constructor(options: FtrlOptions = {}) {
    super("ftrl", 0.001, options);
    const names = Object.keys(defaults) as (keyof typeof defaults)[];
    const entries = names.map((name) => [name, options[name] ?? defaults[name]] as const);
    this.options = Object.fromEntries(entries) as typeof defaults;
    const { learningRatePower, initialAccumulatorValue, l1RegularizationStrength } = this.options;
    const { l2RegularizationStrength, l2ShrinkageRegularizationStrength } = this.options;
    if (learningRatePower > 0) {
      const found = String(learningRatePower);
      throw new InputError({ who: "ftrl", expected: "learningRatePower of at most 0", found });
    }
    this.firstValues = { accumulator: initialAccumulatorValue };
    const limited = {
      initialAccumulatorValue,
      l1RegularizationStrength,
      l2RegularizationStrength,
      l2ShrinkageRegularizationStrength,
    };
    const wrong = Object.entries(limited).find(([, value]) => value < 0);
    if (wrong === undefined) return;
    throw new InputError({ who: "ftrl", expected: `${wrong[0]} of at least 0`, found: String(wrong[1]) });
  }

  protected override update(updates: readonly Update[], { rate, l2 }: StepNumbers): void {
    const { learningRatePower: power, l1RegularizationStrength: l1 } = this.options;
    for (const { gradient, variable, slots } of updates) {
      const [accumulator, linear] = [slots.accumulator!, slots.linear!];
      const shrunk = tf.mul(variable, 2 * this.options.l2ShrinkageRegularizationStrength);
      const sum = tf.add(accumulator, tf.square(gradient));
      const [now, before] = [tf.pow(sum, -power), tf.pow(accumulator, -power)];
      const kept = tf.mul(tf.div(tf.sub(now, before), rate), variable);
      linear.assign(tf.add(linear, tf.sub(tf.add(gradient, shrunk), kept)));
      const quadratic = tf.add(tf.div(now, rate), tf.mul(l2!, 2));
      variable.assign(tf.div(tf.sub(tf.clipByValue(linear, -l1, l1), linear), quadratic));
      accumulator.assign(sum);
    }
  }

  protected override ownNumbers(rate: number): Record<string, number> {
    return { l2: this.options.l2RegularizationStrength + this.options.beta / (2 * rate) };
  }

  protected override get settings(): Record<string, number | boolean> {
    return { ...this.options };
  }
}

/**
 * FTRL, as Keras has it: for wide, sparse models.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.ftrl({ learningRate: 0.1 }), loss: "binaryCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.001, `learningRatePower` -0.5, `initialAccumulatorValue` 0.1, the others 0; see {@link FtrlOptions}
 */
export function ftrl(options: FtrlOptions = {}): Ftrl {
  checkOptions("ftrl", options, Object.keys(defaults));
  return new Ftrl(options);
}
