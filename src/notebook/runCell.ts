import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "../kernel/transport/message.ts";
import type { KernelClient } from "./kernelClient.ts";
import { KernelDied } from "./kernelProcess.ts";
import { hasTag, type CodeCell } from "./nbformat.ts";
import type { OutputRecorder } from "./outputRecorder.ts";

/** How long a kernel may take to stop a cell that it was told to interrupt. */
const stopWithinMs = 5000;

/** How a cell ended: well, with an error, too late, stopped by the user, or with the end of the kernel. */
export type Outcome =
  | { is: "ok" }
  | { is: "error"; message: string; traceback: string[] }
  | { is: "timeout"; message: string }
  | { is: "stopped" }
  | { is: "died"; message: string };

export interface RunCellOptions {
  recorder: OutputRecorder;
  /** Seconds after which the cell is interrupted. Default: never. */
  timeout?: number | undefined;
  /** Interrupts the cell when aborted. */
  signal?: AbortSignal | undefined;
  /** Called after each message that changed the outputs. */
  onOutput?: () => void;
}

/** Runs one code cell; its outputs, its number and its times are written into it as they come. */
export async function runCell(
  client: KernelClient,
  cell: CodeCell,
  options: RunCellOptions,
): Promise<Outcome> {
  const { recorder, timeout, signal, onOutput } = options;
  cell.outputs = [];
  cell.execution_count = null;
  delete cell.metadata.execution;
  const finished = client.execute(cell.source, {
    cellId: cell.id,
    onPublished: (message) => {
      noteTime(cell, message);
      recorder.record(cell, message.header.msg_type, message.content);
      onOutput?.();
    },
  });
  try {
    const stop = await stopReason(finished, { timeout, signal });
    if (stop !== undefined) return await interrupt(client, cell, finished, { stop, timeout });
    return outcomeOf(cell, await finished);
  } catch (error) {
    if (error instanceof KernelDied) return { is: "died", message: error.message };
    throw error;
  }
}

/** Waits for the cell; says why to stop it if the time is over or the user wants no more. */
async function stopReason(
  finished: Promise<unknown>,
  { timeout, signal }: Pick<RunCellOptions, "timeout" | "signal">,
): Promise<"timeout" | "stopped" | undefined> {
  const over = new AbortController();
  const reasons: Promise<"timeout" | "stopped" | undefined>[] = [finished.then(() => undefined)];
  if (timeout !== undefined) {
    reasons.push(delay(timeout * 1000, "timeout" as const, { signal: over.signal }).catch(() => undefined));
  }
  if (signal !== undefined) {
    reasons.push(
      new Promise((resolve) => {
        const stop = (): void => resolve("stopped");
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true, signal: over.signal });
      }),
    );
  }
  try {
    return await Promise.race(reasons);
  } finally {
    over.abort();
  }
}

async function interrupt(
  client: KernelClient,
  cell: CodeCell,
  finished: Promise<Message>,
  { stop, timeout }: { stop: "timeout" | "stopped"; timeout: number | undefined },
): Promise<Outcome> {
  await client.interrupt();
  const reply = await Promise.race([finished, delay(stopWithinMs, undefined, { ref: false })]);
  if (reply !== undefined) outcomeOf(cell, reply);
  if (stop === "stopped") return { is: "stopped" };
  const late = `expected to finish within ${timeout} s`;
  return {
    is: "timeout",
    message: reply === undefined ? `${late}, and it does not react to an interrupt` : late,
  };
}

function outcomeOf(cell: CodeCell, { header, content }: Message): Outcome {
  cell.execution_count = typeof content.execution_count === "number" ? content.execution_count : null;
  note(cell, "shell.execute_reply", header.date);
  if (content.status === "ok") return { is: "ok" };
  const { ename, evalue, traceback } = content;
  const message = [ename, evalue].filter((part) => typeof part === "string" && part !== "").join(": ");
  return {
    is: "error",
    message: message === "" ? String(content.status) : message,
    traceback: Array.isArray(traceback) ? traceback.map(String) : [],
  };
}

/** Keeps the times that JupyterLab keeps, under the same names. */
function noteTime(cell: CodeCell, { header, content }: Message): void {
  if (header.msg_type === "execute_input") note(cell, "iopub.execute_input", header.date);
  if (header.msg_type === "status")
    note(cell, `iopub.status.${String(content.execution_state)}`, header.date);
}

function note(cell: CodeCell, what: string, date: string): void {
  cell.metadata.execution = { ...cell.metadata.execution, [what]: date };
}

/** Whether an error of this cell is part of the notebook: the tag is nbclient's. */
export function mayFail(cell: CodeCell): boolean {
  return hasTag(cell, "raises-exception");
}
