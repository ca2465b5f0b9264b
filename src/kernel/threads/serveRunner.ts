import type { MessagePort } from "node:worker_threads";

import type { Outcome } from "../core/interpreter.ts";
import type { Runner } from "../language/interpreter.ts";
import type { ToKernel, ToMain } from "./messages.ts";
import { toJsonBundle } from "./portFrontend.ts";

/** Does on the main thread what the kernel thread asks for. Calls `end` when the kernel has ended. */
export function serveRunner(port: MessagePort, runner: Runner, end: () => void): void {
  const perform = async (job: Exclude<ToMain, { do: "end" }>): Promise<Outcome> => {
    switch (job.do) {
      case "execute":
        return runner.execute(job.cell, job.origin);
      case "evaluate":
        return runner.evaluate(job.expression, job.origin);
      case "comm":
        await runner.comm(job.message, job.origin);
        return { status: "ok" };
      case "interrupt":
        runner.interrupt();
        return { status: "ok" };
      case "stoppedAt":
        runner.stoppedAt(job.frames);
        return { status: "ok" };
    }
  };
  port.on("message", (job: ToMain) => {
    if (job.do === "end") return end();
    void perform(job)
      .then(writable)
      .then((outcome) => port.postMessage({ is: "done", id: job.id, outcome } satisfies ToKernel));
  });
}

/** A result that cannot be written as JSON fails its cell. */
function writable(outcome: Outcome): Outcome {
  if (outcome.status === "error" || outcome.result === undefined) return outcome;
  try {
    return { ...outcome, result: toJsonBundle(outcome.result) };
  } catch (error) {
    const { name, message } = error as TypeError;
    return { status: "error", ename: name, evalue: message, traceback: [`${name}: ${message}`] };
  }
}
