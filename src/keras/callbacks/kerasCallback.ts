import { tf } from "../../tensorflow/tf.ts";
import { kerasName, type Logs } from "../training/logNames.ts";

export type RawLogs = Parameters<tf.Callback["onEpochEnd"]>[1];

/**
 * Logs under Keras' names, as numbers: TensorFlow.js's own loop hands over scalars that have not been read, under names of
 * its own.
 */
export async function readLogs(logs: RawLogs = {}): Promise<Logs> {
  const entries = await Promise.all(
    Object.entries(logs).map(async ([name, value]) => {
      const read = typeof value === "number" ? value : (await value.data())[0]!;
      return [kerasName(name), read] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** Writes a line where Keras prints its messages. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line where Python writes its warnings. */
export function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * A callback for `fit` and for TensorFlow.js's own `model.fit`, which takes only heirs of its class. A hook that costs
 * something for each batch is set on the object when it is wanted, so that others are known to have none.
 */
export abstract class KerasCallback extends tf.Callback {
  /** The model in training. */
  protected trained!: tf.LayersModel;

  override setModel(model: Parameters<tf.Callback["setModel"]>[0]): void {
    super.setModel(model);
    this.trained = model as tf.LayersModel;
  }

  /** Ends the training after the batch that is running. */
  protected stop(): void {
    this.trained.stopTraining = true;
  }
}
