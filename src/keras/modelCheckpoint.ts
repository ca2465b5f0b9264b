import { InputError } from "../errors.ts";
import { tf } from "../tensorflow/tf.ts";
import { saveModel, saveWeights } from "./modelFiles.ts";
import { formatPath } from "./training/formatPath.ts";
import { kerasName } from "./training/logNames.ts";

/** Options of {@link modelCheckpoint}; the names are Keras'. */
export interface ModelCheckpointOptions {
  /** Where to save; may contain `{epoch:02d}` and logs such as `{val_accuracy:.3f}`. */
  filepath: string;
  /** The log that decides, as `val_accuracy`, `valAccuracy` or `val_acc`. Default `"val_loss"`. */
  monitor?: string;
  /** Whether only an improvement is saved. Default false: every epoch. */
  saveBestOnly?: boolean;
  /** Whether only weights are saved. Default: when the path ends in `.weights.h5`. */
  saveWeightsOnly?: boolean;
  /** Whether less or more is better. Default `"auto"`: by the log's name. */
  mode?: "auto" | "min" | "max";
  /** 1: say what is done; 0 (default): be silent. */
  verbose?: 0 | 1;
}

const who = "modelCheckpoint";
const upward = /accuracy|auc|precision|recall|f1|iou|cosine_similarity/;
const downward = /loss|error|crossentropy|divergence|^(val_)?(mse|mae|mape|msle|ce|kld)$/;

function directionOf(monitor: string, mode: "auto" | "min" | "max"): "min" | "max" {
  if (mode !== "auto") return mode;
  if (upward.test(monitor)) return "max";
  if (downward.test(monitor)) return "min";
  const fix = 'pass mode: "min" or mode: "max"';
  throw new InputError({ who, expected: "a log whose direction is known", found: monitor, fix });
}

function checkPath(filepath: string, saveWeightsOnly: boolean): void {
  if (saveWeightsOnly ? /\.(h5|hdf5)$/.test(filepath) : /(?<!\.weights)\.(h5|hdf5)$/.test(filepath)) return;
  const endings = saveWeightsOnly ? ".weights.h5" : ".h5, or .weights.h5 for weights only";
  throw new InputError({ who, expected: `filepath that ends in ${endings}`, found: filepath });
}

/**
 * Saves a model during its training: each epoch, or whenever a log is better than ever. A callback for `fit` and for
 * TensorFlow.js's own `model.fit`.
 */
export class ModelCheckpoint extends tf.Callback {
  readonly monitor: string;
  /** The best value so far; undefined before the first. */
  best: number | undefined;
  /** The epoch of the best value, counted from 0. */
  bestEpoch: number | undefined;
  /** The file of the best epoch. */
  bestPath: string | undefined;
  readonly #filepath: string;
  readonly #direction: "min" | "max";
  readonly #saveBestOnly: boolean;
  readonly #saveWeightsOnly: boolean;
  readonly #verbose: boolean;
  #trained: tf.LayersModel | undefined;

  constructor(options: ModelCheckpointOptions) {
    super();
    const { filepath, monitor = "val_loss", saveBestOnly = false, mode = "auto", verbose = 0 } = options;
    this.monitor = kerasName(monitor);
    this.#filepath = filepath;
    this.#direction = directionOf(this.monitor, mode);
    this.#saveBestOnly = saveBestOnly;
    this.#saveWeightsOnly = options.saveWeightsOnly ?? filepath.endsWith(".weights.h5");
    this.#verbose = verbose > 0;
    checkPath(filepath, this.#saveWeightsOnly);
  }

  override setModel(model: Parameters<tf.Callback["setModel"]>[0]): void {
    super.setModel(model);
    this.#trained = model as tf.LayersModel;
  }

  override async onEpochEnd(
    epoch: number,
    logs: Parameters<tf.Callback["onEpochEnd"]>[1] = {},
  ): Promise<void> {
    // TensorFlow.js's own loop hands over scalars that have not been read.
    const entries = await Promise.all(
      Object.entries(logs).map(async ([name, value]) => {
        const read = typeof value === "number" ? value : (await value.data())[0]!;
        return [kerasName(name), read] as const;
      }),
    );
    const values: Record<string, number> = Object.fromEntries(entries);
    const path = formatPath(this.#filepath, { epoch: epoch + 1, ...values });
    const current = values[this.monitor];
    const improved = this.#improves(current);
    const [say, epochName] = [this.#say.bind(this), `\nEpoch ${epoch + 1}:`];
    if (this.#saveBestOnly && current === undefined) {
      process.stderr.write(`Can save best model only with ${this.monitor} available.\n`);
    } else if (this.#saveBestOnly) {
      const best = this.best?.toFixed(5) ?? "None";
      if (!improved) {
        say(`${epochName} ${this.monitor} did not improve from ${best}`);
        return;
      }
      say(
        `${epochName} ${this.monitor} improved from ${best} to ${current!.toFixed(5)}, saving model to ${path}`,
      );
    } else say(`${epochName} saving model to ${path}`);
    await (this.#saveWeightsOnly ? saveWeights : saveModel)(this.#trained!, path);
    if (improved) {
      this.best = current;
      this.bestEpoch = epoch;
      this.bestPath = path;
    }
    say(`${epochName} finished saving model to ${path}`);
  }

  #improves(current: number | undefined): boolean {
    if (current === undefined || Number.isNaN(current)) return false;
    if (this.best === undefined) return true;
    return this.#direction === "min" ? current < this.best : current > this.best;
  }

  #say(text: string): void {
    if (this.#verbose) process.stdout.write(`${text}\n`);
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
