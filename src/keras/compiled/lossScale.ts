import { dtypePolicy } from "../../tensorflow/mixedPrecision.ts";
import { tf } from "../../tensorflow/tf.ts";

/** Options of {@link scaleLoss}; the defaults are those of Keras' LossScaleOptimizer. */
export interface LossScaleOptions {
  /** Default 2 ** 15. */
  initialScale?: number;
  /** After how many steps in a row with finite gradients the scale is doubled. Default 2000. */
  growthSteps?: number;
}

/**
 * What losses are multiplied by, so that their gradients are not lost among the small numbers that float16 has not: doubled after so
 * many steps with finite gradients, halved with each that has others (Micikevicius 2018).
 */
export class LossScale {
  readonly #value: tf.Variable;
  /** Steps with finite gradients since the scale was changed. */
  readonly #steps: tf.Variable;
  /** All steps with other gradients. */
  readonly #skipped: tf.Variable;
  readonly #growthSteps: number;

  constructor({ initialScale = 2 ** 15, growthSteps = 2000 }: LossScaleOptions = {}) {
    const variable = (value: number) => tf.tidy(() => tf.scalar(value).variable(false));
    this.#value = variable(initialScale);
    this.#steps = variable(0);
    this.#skipped = variable(0);
    this.#growthSteps = growthSteps;
  }

  /** A loss, scaled. */
  apply(loss: tf.Scalar): tf.Scalar {
    return tf.mul(loss, this.#value);
  }

  /**
   * The gradients of the loss itself, whether all of them are finite, and another scale if it is time. To be called in a tidy.
   *
   * @param scaled gradients of the scaled loss
   */
  settle(scaled: readonly tf.Tensor[]): { gradients: tf.Tensor[]; finite: tf.Scalar } {
    const [value, steps] = [this.#value, this.#steps];
    const gradients = scaled.map((gradient) => tf.div(gradient, value));
    const finite = gradients
      .map((gradient): tf.Tensor => tf.all(tf.isFinite(gradient)))
      .reduce((all, each) => tf.logicalAnd(all, each)) as tf.Scalar;
    const isDue = tf.greaterEqual(steps, this.#growthSteps - 1);
    const grown = tf.where(isDue, tf.mul(value, 2), value);
    const counted = tf.where(isDue, tf.zerosLike(steps), tf.add(steps, 1));
    value.assign(tf.where(finite, grown, tf.div(value, 2)));
    steps.assign(tf.where(finite, counted, tf.zerosLike(steps)));
    this.#skipped.assign(tf.where(finite, this.#skipped, tf.add(this.#skipped, 1)));
    return { gradients, finite };
  }

  /** What losses are multiplied by now. */
  read(): number {
    return this.#value.dataSync()[0]!;
  }

  /** How many steps had gradients that were not finite. */
  readSkipped(): number {
    return this.#skipped.dataSync()[0]!;
  }

  dispose(): void {
    tf.dispose([this.#value, this.#steps, this.#skipped]);
  }
}

const scales = new WeakMap<tf.Optimizer, LossScale>();

/** The scale of the losses that an optimizer makes small: one where the arithmetic is float16, which begins with Keras' numbers. */
export function lossScaleOf(optimizer: tf.Optimizer): LossScale | undefined {
  return scales.get(optimizer) ?? (dtypePolicy().compute === "float16" ? scaleLoss(optimizer) : undefined);
}

/**
 * Lets losses be scaled, whatever the arithmetic. The scale is freed with the optimizer, whose count of steps leaves out those that
 * were skipped.
 */
export function scaleLoss(optimizer: tf.Optimizer, options: LossScaleOptions = {}): LossScale {
  const scale = new LossScale(options);
  scales.set(optimizer, scale);
  countApplied(optimizer, scale);
  const dispose = optimizer.dispose.bind(optimizer);
  optimizer.dispose = () => {
    dispose();
    scale.dispose();
  };
  return scale;
}

/**
 * Has an optimizer count as Keras does: only the steps that change weights, by which schedules and the corrections of bias go. Only the
 * device knows which these are, and it is asked when the count is: each step is counted at first.
 */
function countApplied(optimizer: tf.Optimizer, scale: LossScale): void {
  let count = optimizer.iterations;
  Object.defineProperty(optimizer, "iterations_", {
    configurable: true,
    get: () => count - scale.readSkipped(),
    set: (value: number) => (count = value + scale.readSkipped()),
  });
  Object.assign(optimizer, { incrementIterations: () => void count++ });
}
