import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { tf } from "../../tensorflow/tf.ts";
import { learningRateOf } from "../optimizers/learningRate.ts";
import type { Logs } from "../training/logNames.ts";
import { EventFile } from "./events/eventFile.ts";
import { histogram, images, scalar, type Pictures, type Summary } from "./events/summaries.ts";
import { checkKnown } from "../training/checkKnown.ts";
import { KerasCallback, readLogs, type RawLogs } from "./kerasCallback.ts";

/** Options of {@link tensorBoard}; the names are Keras'. */
export interface TensorBoardOptions {
  /** The directory; `train` and `validation` are made in it. Default `"logs"`. */
  logDir?: string;
  /** After how many epochs the weights' histograms are written; 0 (default): never. */
  histogramFreq?: number;
  /** Whether weights are written as pictures too, together with their histograms. Default false. */
  writeImages?: boolean;
  /** Whether batches or steps a second are written. Default false. */
  writeStepsPerSecond?: boolean;
  /** `"epoch"` (default): epochs only; `"batch"`, or a number: after each so many batches too. */
  updateFreq?: "batch" | "epoch" | number;
}

const who = "tensorBoard";
const known: readonly (keyof TensorBoardOptions)[] = [
  ...(["histogramFreq", "logDir", "updateFreq", "writeImages", "writeStepsPerSecond"] as const),
];

/** A weight as pictures, as Keras lays it out; undefined where it has too many dimensions. */
function picturesOf(weight: tf.Tensor): tf.Tensor3D | undefined {
  const squeezed = tf.squeeze(weight);
  const [rows = 1, columns = 1] = squeezed.shape;
  if (squeezed.rank <= 1) return squeezed.reshape([1, rows, 1]);
  if (squeezed.rank === 2) {
    const wide = rows > columns ? tf.transpose(squeezed) : squeezed;
    return tf.expandDims<tf.Tensor3D>(wide);
  }
  return squeezed.rank === 3 ? tf.transpose(squeezed as tf.Tensor3D, [2, 0, 1]) : undefined;
}

async function readPictures(weight: tf.Tensor): Promise<Pictures | undefined> {
  const pictures = tf.tidy(() => {
    const made = picturesOf(weight);
    return made === undefined ? [] : [made];
  })[0];
  if (pictures === undefined) return undefined;
  const [, height, width] = pictures.shape;
  const values = await pictures.data();
  pictures.dispose();
  return { width, height, values };
}

function scalars(prefix: string, logs: Logs): Summary[] {
  return Object.entries(logs).map(([name, value]) => scalar(`${prefix}_${name}`, value));
}

/** Writes what TensorBoard shows. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class TensorBoard extends KerasCallback {
  readonly #options: Required<TensorBoardOptions>;
  #train!: EventFile;
  #validation!: EventFile;
  #batches = 0;
  #epochStart = { time: 0, iterations: 0 };

  constructor(options: TensorBoardOptions = {}) {
    super();
    checkKnown(who, options, known);
    const { logDir = "logs", histogramFreq = 0, writeImages = false, updateFreq = "epoch" } = options;
    const { writeStepsPerSecond = false } = options;
    const every = updateFreq === "batch" ? 1 : updateFreq;
    if (every !== "epoch" && !(Number.isInteger(every) && every > 0)) {
      const expected = 'updateFreq "epoch", "batch" or a number of batches';
      throw new InputError({ who, expected, found: String(updateFreq) });
    }
    this.#options = { logDir, histogramFreq, writeImages, updateFreq, writeStepsPerSecond };
    if (every !== "epoch") this.onBatchEnd = (_batch, logs) => this.#writeBatch(every, logs);
  }

  override onTrainBegin(): Promise<void> {
    const { logDir } = this.#options;
    this.#train = new EventFile(join(logDir, "train"));
    this.#validation = new EventFile(join(logDir, "validation"));
    this.#batches = 0;
    return Promise.resolve();
  }

  override onEpochBegin(): Promise<void> {
    this.#epochStart = { time: performance.now(), iterations: this.trained.optimizer.iterations };
    return Promise.resolve();
  }

  override async onEpochEnd(epoch: number, raw?: RawLogs): Promise<void> {
    const { optimizer } = this.trained;
    const { histogramFreq, writeStepsPerSecond } = this.#options;
    const entries = Object.entries(await readLogs(raw));
    const isValidation = (name: string) => name.startsWith("val_");
    const train: Logs = Object.fromEntries(entries.filter(([name]) => !isValidation(name)));
    const validation: Logs = Object.fromEntries(
      entries.filter(([name]) => isValidation(name)).map(([name, value]) => [name.slice(4), value]),
    );
    train.learning_rate = learningRateOf(optimizer);
    if (writeStepsPerSecond) {
      const seconds = (performance.now() - this.#epochStart.time) / 1000;
      train.steps_per_second = (optimizer.iterations - this.#epochStart.iterations) / seconds;
    }
    const evaluation = Object.entries(validation).map(([name, value]) =>
      scalar(`evaluation_${name}_vs_iterations`, value),
    );
    await this.#validation.write(optimizer.iterations, evaluation);
    await this.#train.write(epoch, scalars("epoch", train));
    await this.#validation.write(epoch, scalars("epoch", validation));
    if (histogramFreq > 0 && epoch % histogramFreq === 0) await this.#writeWeights(epoch);
  }

  async #writeBatch(every: number, raw: RawLogs): Promise<void> {
    if (++this.#batches % every !== 0) return;
    const entries = Object.entries(await readLogs(raw));
    const logs = Object.fromEntries(entries.filter(([name]) => name !== "batch" && name !== "size"));
    await this.#train.write(this.#batches, scalars("batch", logs));
  }

  async #writeWeights(epoch: number): Promise<void> {
    for (const variable of this.trained.weights) {
      const { originalName } = variable;
      const weight = variable.read();
      const summaries = [histogram(`${originalName}/histogram`, await weight.data())];
      const pictures = this.#options.writeImages ? await readPictures(weight) : undefined;
      if (pictures !== undefined) summaries.push(await images(`${originalName}/image`, pictures));
      await this.#train.write(epoch, summaries);
    }
  }
}

/**
 * A callback that writes files for TensorBoard, as Keras' `TensorBoard` does: curves of the logs and of the learning rate,
 * and, where asked for, histograms and pictures of the weights. Look at them by `tensorboard --logdir logs`.
 *
 * ```ts
 * const board = callbacks.tensorBoard({ logDir: "logs/first", histogramFreq: 1 });
 * await fit(model, train, { epochs: 30, validationData: test, callbacks: [board] });
 * ```
 *
 * @param options see {@link TensorBoardOptions}; all have defaults
 */
export function tensorBoard(options: TensorBoardOptions = {}): TensorBoard {
  return new TensorBoard(options);
}
