import { InputError } from "../../errors.ts";
import { learningRateOf, setLearningRate } from "../optimizers/learningRate.ts";
import { checkKnown } from "../training/checkKnown.ts";
import { KerasCallback, readLogs, say, warn, type RawLogs } from "./kerasCallback.ts";
import { newMonitor, type Mode, type Monitor } from "./monitor.ts";

/** Options of {@link reduceLROnPlateau}; the names are Keras'. */
export interface ReduceLROnPlateauOptions {
  /** The log that decides, as `val_loss` or `valLoss`. Default `"val_loss"`. */
  monitor?: string;
  /** What the rate is multiplied with; below 1. Default 0.1. */
  factor?: number;
  /** Epochs without improvement after which the rate is reduced. Default 10. */
  patience?: number;
  /** 1: say what is done; 0 (default): be silent. */
  verbose?: 0 | 1;
  /** Whether less or more is better. Default `"auto"`: by the log's name. */
  mode?: Mode;
  /** The least change that counts as an improvement. Default 0.0001. */
  minDelta?: number;
  /** Epochs after a reduction that do not count. Default 0. */
  cooldown?: number;
  /** The least rate. Default 0. */
  minLr?: number;
}

const who = "reduceLROnPlateau";
const known: readonly (keyof ReduceLROnPlateauOptions)[] = [
  ...(["cooldown", "factor", "minDelta", "minLr", "mode", "monitor", "patience", "verbose"] as const),
];

/** Reduces the learning rate when a log no longer improves. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class ReduceLROnPlateau extends KerasCallback {
  /** The best value so far. */
  best: number | undefined;
  readonly #monitor: Monitor;
  readonly #options: Required<Omit<ReduceLROnPlateauOptions, "monitor" | "mode" | "minDelta">>;
  #wait = 0;
  #cooldown = 0;

  constructor(options: ReduceLROnPlateauOptions = {}) {
    super();
    checkKnown(who, options, known);
    const { monitor = "val_loss", mode = "auto", minDelta = 1e-4 } = options;
    const { factor = 0.1, patience = 10, verbose = 0, cooldown = 0, minLr = 0 } = options;
    if (!(factor < 1)) throw new InputError({ who, expected: "factor below 1", found: String(factor) });
    this.#monitor = newMonitor(who, { monitor, mode, minDelta });
    this.#options = { factor, patience, verbose, cooldown, minLr };
  }

  /** Begins anew, so that one callback can serve several trainings. */
  override onTrainBegin(): Promise<void> {
    this.best = undefined;
    this.#wait = 0;
    this.#cooldown = 0;
    return Promise.resolve();
  }

  /** Adds the rate of the epoch to its logs, as `learning_rate`. */
  override async onEpochEnd(epoch: number, raw: RawLogs = {}): Promise<void> {
    raw.learning_rate = learningRateOf(this.trained.optimizer);
    const logs = await readLogs(raw);
    const current = logs[this.#monitor.name];
    if (current === undefined) {
      const missing = `metric \`${this.#monitor.name}\` which is not available`;
      const known = Object.keys(logs).join(",");
      warn(`Learning rate reduction is conditioned on ${missing}. Available metrics are: ${known}.`);
      return;
    }
    if (this.#cooldown > 0) {
      this.#cooldown--;
      this.#wait = 0;
    }
    if (this.#monitor.improves(current, this.best)) {
      this.best = current;
      this.#wait = 0;
    } else if (this.#cooldown === 0 && ++this.#wait >= this.#options.patience) this.#reduce(epoch);
  }

  #reduce(epoch: number): void {
    const { factor, minLr, cooldown, verbose } = this.#options;
    const rate = learningRateOf(this.trained.optimizer);
    if (rate <= minLr) return;
    const reduced = Math.max(rate * factor, minLr);
    setLearningRate(this.trained.optimizer, reduced);
    if (verbose > 0) say(`\nEpoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${reduced}.`);
    this.#cooldown = cooldown;
    this.#wait = 0;
  }
}

/**
 * A callback that makes the learning rate smaller when a training no longer gets better, as Keras' `ReduceLROnPlateau`
 * does. The optimizer's rate must be a number, not a schedule.
 *
 * ```ts
 * const reduce = callbacks.reduceLROnPlateau({ monitor: "val_loss", factor: 0.2, patience: 5, minLr: 1e-5 });
 * await fit(model, train, { epochs: 100, validationData: test, callbacks: [reduce] });
 * ```
 *
 * @param options see {@link ReduceLROnPlateauOptions}; all have defaults
 * @throws InputError for a factor of 1 or more, or a log of which it is not known whether more is better
 */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): ReduceLROnPlateau {
  return new ReduceLROnPlateau(options);
}
