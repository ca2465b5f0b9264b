import { addOtherNames, newLogs, type Logs } from "./logNames.ts";
import type { RunningMeans } from "./runningMeans.ts";

type Entries = [name: string, value: number][];

/** Where Keras and TensorFlow.js tell callbacks otherwise of the same training. */
export interface Manner {
  /** What is reported after a batch. */
  ofBatch(means: RunningMeans): Promise<Entries>;
  /** The logs of a batch or an epoch, in the order in which they are listed. */
  logs(trained: Entries, validated?: Entries): Logs;
  /** Whether an epoch that a callback has stopped before its end is validated. */
  validatesWhenStopped: boolean;
  /** Whether a training goes without complaint to its end when there are no more batches for a further epoch. */
  endsWithData: boolean;
}

/** Means over the epoch so far; sorted by name. */
export const asKeras: Manner = {
  ofBatch: (means) => means.read(),
  logs: (trained, validated = []) => newLogs([...trained, ...validated]),
  validatesWhenStopped: true,
  endsWithData: false,
};

/** The batch's own values; what was validated first. */
export const asTfjs: Manner = {
  ofBatch: (means) => means.latest(),
  logs(trained, validated = []) {
    const logs: Logs = Object.fromEntries([...validated, ...trained]);
    addOtherNames(logs);
    return logs;
  },
  validatesWhenStopped: false,
  endsWithData: true,
};
