import { extname } from "node:path";
import { Worker } from "node:worker_threads";

/**
 * Sees to it that this process ends when the one that started it is gone: a kernel whose Jupyter was killed would compute for
 * ever, and nobody could reach it. A thread of its own looks, since a cell may keep the main thread busy. Only where
 * JPY_PARENT_PID says that a Jupyter client is the parent; not on Windows, where a process never learns of it.
 */
export function endWithParent(): void {
  if (process.platform === "win32" || Number(process.env.JPY_PARENT_PID) !== process.ppid) return;
  new Worker(new URL(`./parentWatch${extname(import.meta.url)}`, import.meta.url), {
    workerData: process.ppid,
  }).unref();
}
