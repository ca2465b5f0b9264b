import { statSync } from "node:fs";
import { InputError } from "../../errors.ts";
import { saveModel, saveWeights } from "../modelFiles.ts";
import { formatPath } from "../training/formatPath.ts";
import type { Logs } from "../training/logNames.ts";
import { checkKnown } from "../training/checkKnown.ts";
import { KerasCallback, readLogs, say, warn, type RawLogs } from "./kerasCallback.ts";
import { newMonitor, type Mode, type Monitor } from "./monitor.ts";

/** Options of {@link modelCheckpoint}; the names are Keras'. */
export interface ModelCheckpointOptions {
  /** Where to save; may contain `{epoch:02d}`, `{batch:04d}` and logs such as `{val_accuracy:.3f}`. */
  filepath: string;
  /** The log that decides, as `val_accuracy`, `valAccuracy` or `val_acc`. Default `"val_loss"`. */
  monitor?: string;
  /** Whether only an improvement is saved. Default false: every epoch. */
  saveBestOnly?: boolean;
  /** Whether only weights are saved. Default: when the path ends in `.weights.h5`. */
  saveWeightsOnly?: boolean;
  /** Whether less or more is better. Default `"auto"`: by the log's name. */
  mode?: Mode;
  /** When to save: after each epoch, or after so many batches. Default `"epoch"`. */
  saveFreq?: "epoch" | number;
  /** A value that the first improvement must beat. Default: none. */
  initialValueThreshold?: number;
  /** 1: say what is done; 0 (default): be silent. */
  verbose?: 0 | 1;
}

const who = "modelCheckpoint";
const known: readonly (keyof ModelCheckpointOptions)[] = [
  ...(["filepath", "initialValueThreshold", "mode", "monitor", "saveBestOnly", "saveFreq"] as const),
  ...(["saveWeightsOnly", "verbose"] as const),
];

function checkPath(filepath: string, saveWeightsOnly: boolean): void {
  if (saveWeightsOnly ? /\.(h5|hdf5)$/.test(filepath) : /(?<!\.weights)\.(h5|hdf5|keras)$/.test(filepath))
    return;
  const endings = saveWeightsOnly ? ".weights.h5" : ".keras or .h5, or .weights.h5 for weights only";
  throw new InputError({ who, expected: `filepath that ends in ${endings}`, found: filepath });
}

/**
 * Saves a model during its training: each epoch, each so many batches, or whenever a log is better than ever. A callback
 * for `fit` and for TensorFlow.js's own `model.fit`.
 */
export class ModelCheckpoint extends KerasCallback {
  /** The log that decides. */
  readonly monitor: string;
  /** The best value so far; before the first, `initialValueThreshold`. */
  best: number | undefined;
  /** The epoch of the best value, counted from 0. */
  bestEpoch: number | undefined;
  /** The file of the best value. */
  bestPath: string | undefined;
  readonly #filepath: string;
  readonly #monitor: Monitor;
  readonly #saveBestOnly: boolean;
  readonly #saveWeightsOnly: boolean;
  readonly #saveFreq: "epoch" | number;
  readonly #verbose: boolean;
  #epoch = 0;
  #batches = 0;

  constructor(options: ModelCheckpointOptions) {
    super();
    if (typeof (options as unknown) !== "object" || typeof options.filepath !== "string") {
      const found = JSON.stringify(options) ?? "nothing";
      throw new InputError({ who, expected: '{ filepath: "best.weights.h5", … }', found });
    }
    checkKnown(who, options, known);
    const { filepath, monitor = "val_loss", saveBestOnly = false, mode = "auto", verbose = 0 } = options;
    const { saveFreq = "epoch", initialValueThreshold } = options;
    if (saveFreq !== "epoch" && !(Number.isInteger(saveFreq) && saveFreq > 0)) {
      const found = String(saveFreq);
      throw new InputError({ who, expected: 'saveFreq "epoch" or a number of batches', found });
    }
    this.#monitor = newMonitor(who, { monitor, mode });
    this.monitor = this.#monitor.name;
    this.best = initialValueThreshold;
    this.#filepath = filepath;
    this.#saveBestOnly = saveBestOnly;
    this.#saveWeightsOnly = options.saveWeightsOnly ?? filepath.endsWith(".weights.h5");
    this.#saveFreq = saveFreq;
    this.#verbose = verbose > 0;
    checkPath(filepath, this.#saveWeightsOnly);
    if (saveFreq === "epoch") return;
    this.onBatchEnd = async (batch, logs) => {
      if (++this.#batches % saveFreq === 0) await this.#save(await readLogs(logs), { batch: batch + 1 });
    };
  }

  override onEpochBegin(epoch: number): Promise<void> {
    this.#epoch = epoch;
    return Promise.resolve();
  }

  override async onEpochEnd(epoch: number, logs?: RawLogs): Promise<void> {
    this.#epoch = epoch;
    if (this.#saveFreq === "epoch") await this.#save(await readLogs(logs), {});
  }

  async #save(logs: Logs, place: { batch?: number }): Promise<void> {
    const epoch = this.#epoch;
    const path = formatPath(this.#filepath, { ...logs, ...place, epoch: epoch + 1 });
    const current = logs[this.monitor];
    const improved = current !== undefined && this.#monitor.improves(current, this.best);
    const [tell, epochName] = [this.#verbose ? say : () => undefined, `\nEpoch ${epoch + 1}:`];
    if (this.#saveBestOnly && current === undefined) {
      warn(`Can save best model only with ${this.monitor} available.`);
    } else if (this.#saveBestOnly) {
      const best = this.best?.toFixed(5) ?? "None";
      if (!improved) {
        tell(`${epochName} ${this.monitor} did not improve from ${best}`);
        return;
      }
      const values = `${this.monitor} improved from ${best} to ${current.toFixed(5)}`;
      tell(`${epochName} ${values}, saving model to ${path}`);
    } else tell(`${epochName} saving model to ${path}`);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      const fix = "add a file name to filepath";
      throw new InputError({ who, expected: "filepath of a file", found: `the directory ${path}`, fix });
    }
    await (this.#saveWeightsOnly ? saveWeights : saveModel)(this.trained, path);
    if (improved) {
      this.best = current;
      this.bestEpoch = epoch;
      this.bestPath = path;
    }
    tell(`${epochName} finished saving model to ${path}`);
  }
}

/**
 * A callback that saves the model, as Keras' `ModelCheckpoint` does.
 *
 * ```ts
 * const checkpoint = callbacks.modelCheckpoint({ filepath: "best.weights.h5", monitor: "val_accuracy", saveBestOnly: true });
 * await fit(model, train, { epochs: 30, validationData: test, callbacks: [checkpoint] });
 * await loadWeights(model, checkpoint.bestPath!);
 * ```
 *
 * After the training `best`, `bestEpoch` (from 0) and `bestPath` say which epoch was the best.
 *
 * @param options `filepath`, and see {@link ModelCheckpointOptions}
 * @throws InputError for a path of another kind, or a log of which it is not known whether more is better
 */
export function modelCheckpoint(options: ModelCheckpointOptions): ModelCheckpoint {
  return new ModelCheckpoint(options);
}
