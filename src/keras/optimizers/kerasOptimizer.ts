import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { checkKnown } from "../training/checkKnown.ts";
import { clipGradients } from "./clipGradients.ts";
import type { LearningRateSchedule } from "./schedules.ts";
import { average, averageNumbers, checkAverages, type AverageOptions } from "./weightAverages.ts";

/** Options that all optimizers share; the names are Keras' in camelCase. */
export interface OptimizerOptions extends AverageOptions {
  /** A number, or a function of the number of batches trained so far. Each optimizer has a default. */
  learningRate?: number | LearningRateSchedule;
  /** Before each step, each variable becomes smaller by this part of it times the learning rate. Default: none. */
  weightDecay?: number;
  /** The largest length of each variable's gradient. Default: no limit. */
  clipnorm?: number;
  /** The largest absolute value of each number in a gradient. Default: no limit. */
  clipvalue?: number;
  /** The largest length of all gradients together. Default: no limit. */
  globalClipnorm?: number;
}

/** What an optimizer remembers of one variable, in TensorFlow.js's form. */
export interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** One variable's part of a step. */
export interface Update {
  gradient: tf.Tensor;
  variable: tf.Variable;
  /** The slots of this variable, by Keras' names. */
  slots: Readonly<Record<string, tf.Variable>>;
}

/** Numbers that are others at each step, by name: `rate`, and those that a class adds. */
export type Numbers = Readonly<Record<string, number>> & { rate: number };
/** The same as tensors, so that a compiled step is given them anew. */
export type StepNumbers = Readonly<Record<string, tf.Scalar>> & { rate: tf.Scalar };

type Gradients = Parameters<tf.Optimizer["applyGradients"]>[0];

const shared = [
  ...["learningRate", "weightDecay", "clipnorm", "clipvalue", "globalClipnorm"],
  ...["useEma", "emaMomentum", "emaOverwriteFrequency"],
];

/** Refuses options that the optimizer has not. */
export function checkOptions(who: string, options: object, own: readonly string[]): void {
  checkKnown(who, options, [...own, ...shared]);
}

/**
 * An optimizer with Keras' arithmetic, which `model.compile` takes. Settings and slots have the names that they have in
 * TensorFlow.js's class of the same name, so that whoever replaces {@link applyGradients} finds them there.
 */
export abstract class KerasOptimizer extends tf.Optimizer {
  readonly weightDecay: number | undefined;
  readonly clipnorm: number | undefined;
  readonly clipvalue: number | undefined;
  readonly globalClipnorm: number | undefined;
  /** How weights are averaged; undefined where they are not. */
  readonly averaging: AverageOptions | undefined;
  /** The means of the weights. */
  readonly averages: Slot[] = [];
  /** What is remembered, by Keras' names: for each name one slot per variable. */
  abstract readonly slots: Readonly<Record<string, Slot[]>>;
  /** With what slots begin that do not begin with 0. */
  protected readonly firstValues: Readonly<Record<string, number>> = {};
  /** Where a variable's slots are, by the variable's name. */
  readonly #places = new Map<string, number>();
  #rate: number | LearningRateSchedule;

  protected constructor(who: string, defaultRate: number, options: OptimizerOptions) {
    super();
    const { learningRate = defaultRate, weightDecay, clipnorm, clipvalue, globalClipnorm } = options;
    if (typeof learningRate !== "function" && !(learningRate >= 0)) {
      const found = String(learningRate);
      throw new InputError({ who, expected: "learningRate of at least 0, or a schedule", found });
    }
    const clips = Object.entries({ clipnorm, clipvalue, globalClipnorm }).filter(
      ([, limit]) => limit !== undefined,
    );
    if (clips.length > 1) {
      const found = clips.map(([name]) => name).join(" and ");
      throw new InputError({ who, expected: "one of clipnorm, clipvalue and globalClipnorm", found });
    }
    this.#rate = learningRate;
    this.weightDecay = weightDecay;
    this.clipnorm = clipnorm;
    this.clipvalue = clipvalue;
    this.globalClipnorm = globalClipnorm;
    const { useEma = false, emaMomentum = 0.99, emaOverwriteFrequency } = options;
    checkAverages(who, options);
    if (useEma) {
      const often = emaOverwriteFrequency === undefined ? {} : { emaOverwriteFrequency };
      this.averaging = { useEma, emaMomentum, ...often };
    }
  }

  /** The rate of the next step. It can be set, but not where a schedule decides. */
  get learningRate(): number {
    return typeof this.#rate === "function" ? this.#rate(this.iterations) : this.#rate;
  }

  set learningRate(rate: number) {
    if (this.schedule !== undefined) {
      const fix = "give the optimizer a number as learningRate to change it later";
      throw new InputError({
        who: "learningRate",
        expected: "a rate that can be set",
        found: "a schedule",
        fix,
      });
    }
    this.#rate = rate;
  }

  /** The schedule, where one was given. */
  get schedule(): LearningRateSchedule | undefined {
    return typeof this.#rate === "function" ? this.#rate : undefined;
  }

  /** The rate of the step after so many others. */
  rateAt(iteration: number): number {
    return typeof this.#rate === "function" ? this.#rate(iteration) : this.#rate;
  }

  /** Makes the slots of variables that have none yet. A first step does so by itself. */
  prepare(variables: readonly tf.Variable[]): void {
    for (const variable of variables) this.slotsOf(variable);
  }

  /** What is remembered of a variable, by Keras' names. */
  slotsOf(variable: tf.Variable): Readonly<Record<string, tf.Variable>> {
    const place = this.#places.get(variable.name) ?? this.#places.size;
    this.#places.set(variable.name, place);
    const entries = this.#kinds.map(([name, slots]) => {
      const first = () =>
        slots === this.averages ? tf.clone(variable) : tf.fill(variable.shape, this.firstValues[name] ?? 0);
      slots[place] ??= {
        originalName: `${variable.name}/${name}`,
        variable: tf.tidy(() => first().variable(false)),
      };
      return [name, slots[place].variable] as const;
    });
    return Object.fromEntries(entries);
  }

  /** Gives weights their means, as `fit` does when it ends; leaves them alone where no means are kept. */
  finalizeWeights(variables: readonly tf.Variable[]): void {
    if (this.averaging === undefined || this.iterations === 0) return;
    for (const variable of variables) variable.assign(this.slotsOf(variable).average!);
  }

  /** All that is remembered, in Keras' order. */
  get #kinds(): [name: string, slots: Slot[]][] {
    const averages = this.averaging && { average: this.averages };
    return Object.entries({ ...averages, ...this.slots });
  }

  override applyGradients(gradients: Gradients): void {
    const { registeredVariables } = tf.engine();
    const named = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    // A variable on which the loss does not depend has no gradient, whatever the types say.
    const given = named.filter(({ tensor }) => Boolean(tensor));
    tf.tidy(() =>
      this.change(
        given.map(({ name, tensor }) => ({ variable: registeredVariables[name]!, gradient: tensor })),
        this.stepNumbers(),
      ),
    );
    this.incrementIterations();
  }

  /** The numbers of the next step, as tensors. */
  stepNumbers(): StepNumbers {
    const entries = Object.entries(this.numbers()).map(([name, value]) => [name, tf.scalar(value)] as const);
    return Object.fromEntries(entries) as StepNumbers;
  }

  /** The numbers of the next step. */
  numbers(): Numbers {
    const rate = this.learningRate;
    return {
      rate,
      ...(this.weightDecay !== undefined && { kept: 1 - this.weightDecay * rate }),
      ...this.ownNumbers?.(rate),
      ...(this.averaging && averageNumbers(this.averaging, this.iterations + 1)),
    };
  }

  /**
   * What a step does to the variables, of TensorFlow.js operations on tensors only, so that it can be recorded. Does not count the step. To
   * be called in a tidy.
   */
  change(gradients: readonly { variable: tf.Variable; gradient: tf.Tensor }[], numbers: StepNumbers): void {
    const clipped = clipGradients(
      gradients.map(({ gradient }) => gradient),
      this,
    );
    const updates = gradients.map(({ variable }, index) => ({
      variable,
      gradient: clipped[index]!,
      slots: this.slotsOf(variable),
    }));
    const { kept } = numbers;
    if (kept !== undefined) for (const { variable } of updates) variable.assign(tf.mul(variable, kept));
    this.update(updates, numbers);
    if (this.averaging)
      average(
        updates.map(({ variable, slots }) => ({ variable, average: slots.average! })),
        numbers,
      );
  }

  /** One step for all variables, of TensorFlow.js operations only, in a tidy. */
  protected abstract update(updates: readonly Update[], numbers: StepNumbers): void;

  /** Numbers of the class's own for the next step. */
  protected ownNumbers?(rate: number): Record<string, number>;

  /** The class's own settings, with the names that TensorFlow.js gives them. */
  protected abstract get settings(): Record<string, number | boolean>;

  override getConfig(): ReturnType<tf.Optimizer["getConfig"]> {
    const { learningRate, weightDecay, clipnorm, clipvalue, globalClipnorm } = this;
    const limits = { weightDecay, clipnorm, clipvalue, globalClipnorm };
    const given = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined);
    return { learningRate, ...this.settings, ...Object.fromEntries(given), ...this.averaging };
  }

  override async getWeights(): ReturnType<tf.Optimizer["getWeights"]> {
    const slots = this.#kinds.flatMap(([, list]) => list);
    const tensors = slots.map(({ originalName, variable }) => ({ name: originalName, tensor: variable }));
    return [await this.saveIterations(), ...tensors];
  }

  override async setWeights(weights: Parameters<tf.Optimizer["setWeights"]>[0]): Promise<void> {
    const values = await this.extractIterations(weights);
    const lists = this.#kinds;
    const count = values.length / Math.max(1, lists.length);
    lists.forEach(([kind, slots], list) => {
      tf.dispose(slots.map(({ variable }) => variable));
      slots.length = 0;
      for (const { name, tensor } of values.slice(list * count, (list + 1) * count)) {
        this.#places.set(name.slice(0, -kind.length - 1), slots.length);
        slots.push({ originalName: name, variable: tensor.variable(false) });
      }
    });
  }

  override dispose(): void {
    for (const [, slots] of this.#kinds) {
      tf.dispose(slots.map(({ variable }) => variable));
      slots.length = 0;
    }
    this.#places.clear();
  }
}
