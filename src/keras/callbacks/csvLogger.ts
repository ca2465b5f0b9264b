import { appendFile, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeDirectory } from "../../atomicWrite.ts";
import { checkKnown } from "../training/checkKnown.ts";
import { KerasCallback, readLogs, type RawLogs } from "./kerasCallback.ts";

/** Options of {@link csvLogger}; the names are Keras'. */
export interface CsvLoggerOptions {
  /** What stands between values. Default `","`. */
  separator?: string;
  /** Whether a file that is there goes on, without a second head. Default false: it is replaced. */
  append?: boolean;
}

/** A number as Python's csv module writes it. */
function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

/** Writes a line of logs for each epoch. A callback for `fit` and for TensorFlow.js's own `model.fit`. */
export class CsvLogger extends KerasCallback {
  readonly #path: string;
  readonly #separator: string;
  readonly #append: boolean;
  #names: string[] | undefined;
  #needsHead = true;

  constructor(path: string, options: CsvLoggerOptions = {}) {
    super();
    checkKnown("csvLogger", options, ["append", "separator"]);
    const { separator = ",", append = false } = options;
    this.#path = path;
    this.#separator = separator;
    this.#append = append;
  }

  override async onTrainBegin(): Promise<void> {
    this.#names = undefined;
    await makeDirectory(dirname(this.#path));
    const old = this.#append ? await readFile(this.#path, "utf8").catch(() => "") : "";
    this.#needsHead = old === "";
    if (this.#needsHead) await writeFile(this.#path, "");
  }

  override async onEpochEnd(epoch: number, raw?: RawLogs): Promise<void> {
    const logs = await readLogs(raw);
    if (this.#names === undefined) {
      this.#names = Object.keys(logs).sort();
      // Validation may come in a later epoch only: it gets its columns at once.
      if (!this.#names.some((name) => name.startsWith("val_"))) {
        this.#names.push(...this.#names.map((name) => `val_${name}`));
      }
      if (this.#needsHead) await this.#write(["epoch", ...this.#names]);
      this.#needsHead = false;
    }
    const values = this.#names.map((name) => (logs[name] === undefined ? "NA" : pythonNumber(logs[name])));
    await this.#write([String(epoch), ...values]);
  }

  /** A line is written at once, so that a training that breaks off leaves those before. */
  #write(fields: readonly string[]): Promise<void> {
    return appendFile(this.#path, `${fields.join(this.#separator)}\r\n`);
  }
}

/**
 * A callback that writes the logs of each epoch to a file, as Keras' `CSVLogger` does: a head, then a line for each epoch
 * (from 0), with the logs in the order of their names.
 *
 * ```ts
 * await fit(model, train, { epochs: 30, callbacks: [callbacks.csvLogger("training.csv", { append: true })] });
 * ```
 *
 * @param path the file; missing directories are made
 * @param options `separator` (","), `append`: go on with a file that is there (false)
 */
export function csvLogger(path: string, options: CsvLoggerOptions = {}): CsvLogger {
  return new CsvLogger(path, options);
}
