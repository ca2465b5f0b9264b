import { tf } from "../../tensorflow/tf.ts";
import {
  checkOptions,
  KerasOptimizer,
  type OptimizerOptions,
  type Slot,
  type StepNumbers,
  type Update,
} from "./kerasOptimizer.ts";

/** Options that the optimizers of Adam's family share. */
export interface MomentOptions extends OptimizerOptions {
  /** How much of the mean gradient goes on. Default 0.9. */
  beta1?: number;
  /** How much of the mean square goes on. Default 0.999. */
  beta2?: number;
  /** Default 1e-7. */
  epsilon?: number;
}

/** Options of {@link adam} and {@link adamW}. */
export interface AdamOptions extends MomentOptions {
  /** Whether the largest mean square so far divides, instead of the last (Reddi 2018). Default false. */
  amsgrad?: boolean;
}

/** Adam (Kingma and Ba 2014) with Keras' place for epsilon: beside the root before its bias is corrected. */
export class Adam extends KerasOptimizer {
  static readonly className: string = "Adam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
  readonly accumulatedFirstMoment: Slot[] = [];
  readonly accumulatedSecondMoment: Slot[] = [];
  readonly accumulatedSecondMomentMax: Slot[] = [];
  /** The powers of the betas for the next step. */
  readonly accBeta1: tf.Variable;
  readonly accBeta2: tf.Variable;
  readonly slots: Readonly<Record<string, Slot[]>>;

  constructor(options: AdamOptions = {}, who = "adam") {
    super(who, 0.001, options);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = options;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.amsgrad = amsgrad;
    const power = (beta: number) => tf.tidy(() => tf.scalar(beta).variable(false));
    this.accBeta1 = power(beta1);
    this.accBeta2 = power(beta2);
    this.slots = {
      momentum: this.accumulatedFirstMoment,
      velocity: this.accumulatedSecondMoment,
      ...(amsgrad && { velocity_hat: this.accumulatedSecondMomentMax }),
    };
  }

  protected override update(updates: readonly Update[], { rate }: StepNumbers): void {
    const { accBeta1, accBeta2, beta1, beta2 } = this;
    const scale = tf.div(tf.mul(tf.sqrt(tf.sub(1, accBeta2)), rate), tf.sub(1, accBeta1));
    for (const { gradient, variable, slots } of updates) {
      const { momentum, velocity, velocity_hat: largest } = slots;
      momentum!.assign(tf.add(momentum!, tf.mul(tf.sub(gradient, momentum!), 1 - beta1)));
      velocity!.assign(tf.add(velocity!, tf.mul(tf.sub(tf.square(gradient), velocity!), 1 - beta2)));
      largest?.assign(tf.maximum(largest, velocity!));
      const root = tf.add(tf.sqrt(largest ?? velocity!), this.epsilon);
      variable.assign(tf.sub(variable, tf.div(tf.mul(momentum!, scale), root)));
    }
    accBeta1.assign(tf.mul(accBeta1, beta1));
    accBeta2.assign(tf.mul(accBeta2, beta2));
  }

  protected override get settings(): Record<string, number | boolean> {
    const { beta1, beta2, epsilon, amsgrad } = this;
    return { beta1, beta2, epsilon, amsgrad };
  }

  override async setWeights(weights: Parameters<tf.Optimizer["setWeights"]>[0]): Promise<void> {
    await super.setWeights(weights);
    tf.tidy(() => {
      this.accBeta1.assign(tf.scalar(this.beta1 ** (this.iterations + 1)));
      this.accBeta2.assign(tf.scalar(this.beta2 ** (this.iterations + 1)));
    });
  }

  override dispose(): void {
    super.dispose();
    tf.dispose([this.accBeta1, this.accBeta2]);
  }
}

/** Adam that makes the weights themselves smaller at each step (Loshchilov and Hutter 2017). */
export class AdamW extends Adam {
  static override readonly className = "AdamW";

  constructor(options: AdamOptions = {}) {
    super({ weightDecay: 0.004, ...options }, "adamW");
  }
}

const own = ["beta1", "beta2", "epsilon", "amsgrad"];

/**
 * Adam, as Keras has it.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.adam(), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
 * ```
 *
 * @param options `learningRate` 0.001, `beta1` 0.9, `beta2` 0.999, `epsilon` 1e-7, `amsgrad` false, and see {@link OptimizerOptions}
 */
export function adam(options: AdamOptions = {}): Adam {
  checkOptions("adam", options, own);
  return new Adam(options);
}

/**
 * AdamW, as Keras has it: Adam with `weightDecay`.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.adamW({ weightDecay: 1e-4 }), loss: "categoricalCrossentropy" });
 * ```
 *
 * @param options `weightDecay` 0.004, and the options of {@link adam}
 */
export function adamW(options: AdamOptions = {}): AdamW {
  checkOptions("adamW", options, own);
  return new AdamW(options);
}
