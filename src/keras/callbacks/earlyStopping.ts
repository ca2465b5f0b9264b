import { tf } from "../../tensorflow/tf.ts";
import { checkKnown } from "../training/checkKnown.ts";
import { KerasCallback, readLogs, say, warn, type RawLogs } from "./kerasCallback.ts";
import { newMonitor, type Mode, type Monitor } from "./monitor.ts";

/** Options of {@link earlyStopping}; the names are Keras'. */
export interface EarlyStoppingOptions {
  /** The log that decides, as `val_loss` or `valLoss`. Default `"val_loss"`. */
  monitor?: string;
  /** The least change that counts as an improvement. Default 0. */
  minDelta?: number;
  /** Epochs without improvement after which the training ends. Default 0. */
  patience?: number;
  /** 1: say what is done; 0 (default): be silent. */
  verbose?: 0 | 1;
  /** Whether less or more is better. Default `"auto"`: by the log's name. */
  mode?: Mode;
  /** A value that an epoch must beat, besides the best so far, for its patience to begin anew. Default: none. */
  baseline?: number;
  /** Whether the model has the weights of its best epoch at the end. Default false: those of the last. */
  restoreBestWeights?: boolean;
  /** Epochs, from 0, that do not count yet. Default 0. */
  startFromEpoch?: number;
}

const who = "earlyStopping";
const known: readonly (keyof EarlyStoppingOptions)[] = [
  ...(["baseline", "minDelta", "mode", "monitor", "patience", "restoreBestWeights"] as const),
  ...(["startFromEpoch", "verbose"] as const),
];

/** Ends a training when a log no longer improves. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class EarlyStopping extends KerasCallback {
  /** The best value so far. */
  best: number | undefined;
  /** The epoch of the best value, counted from 0. */
  bestEpoch = 0;
  /** The epoch that ended the training, counted from 0; 0 when it ran to its end. */
  stoppedEpoch = 0;
  readonly #monitor: Monitor;
  readonly #options: Required<Pick<EarlyStoppingOptions, "patience" | "startFromEpoch">> &
    EarlyStoppingOptions;
  #wait = 0;
  #bestWeights: tf.Tensor[] | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    checkKnown(who, options, known);
    const { monitor = "val_loss", mode = "auto", minDelta = 0 } = options;
    this.#monitor = newMonitor(who, { monitor, mode, minDelta });
    this.#options = { patience: 0, startFromEpoch: 0, ...options };
  }

  /** Begins anew, so that one callback can serve several trainings. */
  override onTrainBegin(): Promise<void> {
    this.#wait = 0;
    this.stoppedEpoch = 0;
    this.best = undefined;
    this.bestEpoch = 0;
    this.#forget();
    return Promise.resolve();
  }

  override async onEpochEnd(epoch: number, raw?: RawLogs): Promise<void> {
    const { patience, baseline, startFromEpoch, restoreBestWeights = false } = this.#options;
    const logs = await readLogs(raw);
    const current = logs[this.#monitor.name];
    if (current === undefined) {
      const known = Object.keys(logs).join(",");
      const missing = `metric \`${this.#monitor.name}\` which is not available`;
      warn(`Early stopping conditioned on ${missing}. Available metrics are: ${known}`);
      return;
    }
    if (epoch < startFromEpoch) return;
    if (restoreBestWeights && this.#bestWeights === undefined) this.#remember(epoch);
    this.#wait++;
    if (this.#monitor.improves(current, this.best)) {
      this.best = current;
      this.bestEpoch = epoch;
      if (restoreBestWeights) this.#remember(epoch);
      if (baseline === undefined || this.#monitor.improves(current, baseline)) this.#wait = 0;
    } else if (this.#wait >= patience && epoch > 0) {
      this.stoppedEpoch = epoch;
      this.stop();
    }
  }

  override onTrainEnd(): Promise<void> {
    const tell = this.#options.verbose === 1 ? say : () => undefined;
    if (this.stoppedEpoch > 0) tell(`Epoch ${this.stoppedEpoch + 1}: early stopping`);
    if (this.#bestWeights !== undefined) {
      tell(`Restoring model weights from the end of the best epoch: ${this.bestEpoch + 1}.`);
      this.trained.setWeights(this.#bestWeights);
      this.#forget();
    }
    return Promise.resolve();
  }

  #remember(epoch: number): void {
    this.#forget();
    this.bestEpoch = epoch;
    // A clone would share its memory with a weight that a step may change in place.
    this.#bestWeights = tf.tidy(() => this.trained.getWeights().map((weight) => tf.add(weight, 0)));
  }

  #forget(): void {
    tf.dispose(this.#bestWeights ?? []);
    this.#bestWeights = undefined;
  }
}

/**
 * A callback that ends a training when it no longer gets better, as Keras' `EarlyStopping` does.
 *
 * ```ts
 * const stopping = callbacks.earlyStopping({ monitor: "val_accuracy", patience: 5, restoreBestWeights: true });
 * await fit(model, train, { epochs: 100, validationData: test, callbacks: [stopping] });
 * stopping.bestEpoch; // the model has the weights of this epoch, counted from 0
 * ```
 *
 * @param options see {@link EarlyStoppingOptions}; all have defaults
 * @throws InputError for a log of which it is not known whether more is better
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  return new EarlyStopping(options);
}
