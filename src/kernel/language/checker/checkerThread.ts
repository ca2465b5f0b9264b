import { parentPort, workerData } from "node:worker_threads";
import ts from "typescript";

import { completeness } from "../completeness.ts";
import {
  isUrgent,
  type CheckerThreadData,
  type FromThread,
  type Question,
  type ToThread,
} from "./checkerProtocol.ts";
import { TypeService } from "./typeService.ts";

/**
 * The thread that knows the types. Questions of someone who is typing come before checks, also before one that has begun:
 * it is given up and started anew.
 */
const { directory, cells, urgent } = workerData as CheckerThreadData;
const port = parentPort!;
const waiting = new Int32Array(urgent);
const service = new TypeService({ directory, isCancelled: () => Atomics.load(waiting, 0) > 0 });
for (const cell of cells) service.add(cell);

const queue: ToThread[] = [];
let scheduled = false;

port.on("message", (message: ToThread) => {
  // The cells change at once, in their order; questions wait for their turn.
  if ("do" in message && message.do === "add") return service.add(message.cell);
  if ("do" in message && message.do === "remove") return service.remove(message.cell);
  if ("do" in message && message.do === "reset") return service.reset();
  queue.push(message);
  schedule();
});

/** One thing a turn, so that what arrives meanwhile may go first. */
function schedule(): void {
  if (scheduled || queue.length === 0) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    const next = Math.max(0, queue.findIndex(isUrgent));
    const [message] = queue.splice(next, 1);
    if (!handle(message!)) queue.unshift(message!);
    schedule();
  });
}

/** Whether it is done; a check that gave way to something urgent is not. */
function handle(message: ToThread): boolean {
  if (isUrgent(message)) Atomics.sub(waiting, 0, 1);
  try {
    if ("do" in message) service.warmUp();
    else report({ id: message.id, answer: answer(message) });
  } catch (error) {
    if (error instanceof ts.OperationCanceledException) return false;
    if ("id" in message) report({ id: message.id, failed: String(error) });
  }
  return true;
}

function answer(question: Question): unknown {
  switch (question.is) {
    case "diagnose":
      return service.diagnose(question.asked.cell);
    case "complete":
      return service.complete(question.asked.code, question.asked.offset);
    case "isComplete":
      return completeness(question.asked.code);
    case "inspect":
      return service.inspect(question.asked.code, question.asked.offset, question.asked.detail);
  }
}

function report(message: FromThread): void {
  port.postMessage(message);
}
