import { InputError } from "../../errors.ts";
import { learningRateOf, setLearningRate } from "../optimizers/learningRate.ts";
import { KerasCallback, say, type RawLogs } from "./kerasCallback.ts";

/** The rate of an epoch, counted from 0, from the rate so far. */
export type EpochSchedule = (epoch: number, learningRate: number) => number;

/** Options of {@link learningRateScheduler}. */
export interface LearningRateSchedulerOptions {
  /** 1: say what is done; 0 (default): be silent. */
  verbose?: 0 | 1;
}

/** Sets the learning rate of each epoch. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class LearningRateScheduler extends KerasCallback {
  readonly #schedule: EpochSchedule;
  readonly #verbose: boolean;

  constructor(schedule: EpochSchedule, { verbose = 0 }: LearningRateSchedulerOptions = {}) {
    super();
    if (typeof (schedule as unknown) !== "function") {
      const found = JSON.stringify(schedule) ?? "nothing";
      const expected = "a function (epoch, learningRate) => learningRate";
      throw new InputError({ who: "learningRateScheduler", expected, found });
    }
    this.#schedule = schedule;
    this.#verbose = verbose > 0;
  }

  override onEpochBegin(epoch: number): Promise<void> {
    const { optimizer } = this.trained;
    const rate: unknown = this.#schedule(epoch, learningRateOf(optimizer));
    if (typeof rate !== "number" || Number.isNaN(rate)) {
      const expected = "a schedule that returns a number";
      throw new InputError({ who: "learningRateScheduler", expected, found: String(rate) });
    }
    setLearningRate(optimizer, rate);
    if (this.#verbose) {
      say(`\nEpoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${rate}.`);
    }
    return Promise.resolve();
  }

  /** Adds the rate of the epoch to its logs, as `learning_rate`. */
  override onEpochEnd(_epoch: number, logs: RawLogs = {}): Promise<void> {
    logs.learning_rate = learningRateOf(this.trained.optimizer);
    return Promise.resolve();
  }
}

/**
 * A callback that sets the learning rate at the beginning of each epoch, as Keras' `LearningRateScheduler` does.
 *
 * ```ts
 * const halve = callbacks.learningRateScheduler((epoch, rate) => (epoch < 10 ? rate : rate * 0.9), { verbose: 1 });
 * await fit(model, train, { epochs: 30, callbacks: [halve] });
 * ```
 *
 * @param schedule gives the rate of an epoch, from the epoch's number (from 0) and the rate so far
 * @param options `verbose`: whether to say what is set (0)
 */
export function learningRateScheduler(
  schedule: EpochSchedule,
  options: LearningRateSchedulerOptions = {},
): LearningRateScheduler {
  return new LearningRateScheduler(schedule, options);
}
