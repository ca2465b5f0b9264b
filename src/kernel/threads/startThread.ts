import { once } from "node:events";
import { join } from "node:path";
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";

import { packageRoot } from "../../package.ts";
import { interruptFlagBytes } from "../language/interruptFlags.ts";
import type { KernelThreadData } from "./messages.ts";
import { replaceStandardStreams } from "./standardStreams.ts";

/** The kernel thread, and what the main thread shares with it. */
export interface KernelThread {
  worker: Worker;
  /** Rejects with the error that has ended the thread; never resolves. */
  failed: Promise<never>;
  /** For jobs and what they publish. It keeps what comes before somebody listens, as the worker itself does not. */
  port: MessagePort;
  interruptMemory: SharedArrayBuffer;
  inputPort: MessagePort;
}

/** Starts the thread that talks to the front end. */
export function startThread(connectionFile: string): KernelThread {
  const interruptMemory = new SharedArrayBuffer(interruptFlagBytes);
  const jobs = new MessageChannel();
  const input = new MessageChannel();
  const workerData: KernelThreadData = {
    connectionFile,
    directory: process.cwd(),
    interruptMemory,
    port: jobs.port2,
    inputPort: input.port2,
  };
  replaceStandardStreams();
  // One file of CommonJS, made by scripts/bundleKernel.mjs: a thread has loaded it in half the time that modules take.
  const worker = new Worker(join(packageRoot, "dist/kernelThread.cjs"), {
    workerData,
    transferList: [jobs.port2, input.port2],
  });
  // Heard from the start: what is to wait for it is loaded only now.
  const failed = once(worker, "error").then(([error]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  return { worker, failed, port: jobs.port1, interruptMemory, inputPort: input.port1 };
}
