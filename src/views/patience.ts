import { setImmediate } from "node:timers/promises";
import type { AfterBatch } from "../inspect/heatMap.ts";
import { countLine } from "../jupyter/countLine.ts";
import { currentHost } from "../jupyter/host.ts";

/** Work that takes longer than this says how far it is; in milliseconds. */
const patience = 1000;

/**
 * What long work does after each batch: it lets others work, stops when it is told to, and after a second shows in a line how far it is.
 *
 * @param title what is being done
 * @param signal default: the notebook's stop button
 */
export async function withPatience<T>(
  title: string,
  signal: AbortSignal | undefined,
  work: (afterBatch: AfterBatch) => Promise<T>,
): Promise<T> {
  const stop = signal ?? currentHost().signal;
  stop?.throwIfAborted();
  const line = countLine(title, { patience });
  try {
    return await work(async (done, total) => {
      await setImmediate();
      stop?.throwIfAborted();
      line.update(`${done}/${total}`);
    });
  } finally {
    line.leave();
  }
}
