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

/** Options of {@link sgd}. */
export interface SgdOptions extends OptimizerOptions {
  /** How much of the last step goes on, from 0 to 1. Default 0. */
  momentum?: number;
  /** Whether the gradient counts as if the step had gone on already. Default false. */
  nesterov?: boolean;
}

/** Gradient descent, with Keras' form of momentum: the step that goes on has the learning rate in it. */
export class SGD extends KerasOptimizer {
  readonly momentum: number;
  readonly useNesterov: boolean;
  readonly accumulations: Slot[] = [];
  readonly slots: Readonly<Record<string, Slot[]>>;

  constructor(options: SgdOptions = {}) {
    super("sgd", 0.01, options);
    const { momentum = 0, nesterov = false } = options;
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new InputError({ who: "sgd", expected: "momentum from 0 to 1", found: String(momentum) });
    }
    this.momentum = momentum;
    this.useNesterov = nesterov;
    this.slots = momentum === 0 ? {} : { momentum: this.accumulations };
  }

  /** TensorFlow.js has two classes for what is one in Keras. */
  override getClassName(): string {
    return this.momentum === 0 ? "SGD" : "Momentum";
  }

  protected override update(updates: readonly Update[], { rate }: StepNumbers): void {
    for (const { gradient, variable, slots } of updates) {
      const step = tf.neg(tf.mul(gradient, rate));
      const { momentum } = slots;
      if (momentum === undefined) variable.assign(tf.add(variable, step));
      else {
        momentum.assign(tf.add(tf.mul(momentum, this.momentum), step));
        const way = this.useNesterov ? tf.add(tf.mul(momentum, this.momentum), step) : momentum;
        variable.assign(tf.add(variable, way));
      }
    }
  }

  protected override get settings(): Record<string, number | boolean> {
    return this.momentum === 0 ? {} : { momentum: this.momentum, useNesterov: this.useNesterov };
  }
}

/**
 * Stochastic gradient descent, as Keras' `SGD`.
 *
 * ```ts
 * model.compile({ optimizer: optimizers.sgd({ learningRate: 1e-4, momentum: 0.9 }), loss: "categoricalCrossentropy" });
 * ```
 *
 * @param options `learningRate` 0.01, `momentum` 0, `nesterov` false, and see {@link OptimizerOptions}
 */
export function sgd(options: SgdOptions = {}): SGD {
  checkOptions("sgd", options, ["momentum", "nesterov"]);
  return new SGD(options);
}
