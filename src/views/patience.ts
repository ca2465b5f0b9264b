import { setImmediate } from "node:timers/promises";
import type { AfterBatch } from "../inspect/heatMap.ts";
import { currentHost } from "../jupyter/host.ts";

/** Work that takes longer than this says how far it is, so often; in milliseconds. */
const patience = 1000;
const pause = 200;

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
  const live = process.stdout.isTTY || currentHost().notebook;
  const start = performance.now();
  let last = start + patience - pause;
  let shown = false;
  stop?.throwIfAborted();
  try {
    return await work(async (done, total) => {
      await setImmediate();
      stop?.throwIfAborted();
      if (!live || performance.now() - last < pause) return;
      last = performance.now();
      shown = true;
      process.stdout.write(`\r${title}  ${done}/${total}`);
    });
  } finally {
    if (shown) process.stdout.write("\n");
  }
}
