import type { MessagePort } from "node:worker_threads";

import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import { failureOf } from "../core/failure.ts";
import type { Outcome } from "../core/interpreter.ts";
import type { Runner } from "../language/interpreter.ts";
import { describeLive, variablesOf } from "../language/describeLive.ts";
import { liveMembers } from "../language/liveMembers.ts";
import type { Job, Jobs, JobName, ToKernel, ToMain } from "./messages.ts";
import { packPictures } from "./packPictures.ts";
import { toJsonBundle } from "./portFrontend.ts";

interface Answer {
  answer: Jobs[JobName]["answer"];
  /** What of it is handed over instead of copied. Default: nothing. */
  transfer?: ArrayBuffer[];
}

export interface ServeOptions {
  runner: Runner;
  /** Told what is known of a name that was asked about. */
  inspected: (id: number, bundle: MimeBundle | undefined) => void;
  /** Called when the kernel has ended. */
  end: () => void;
}

/** Does on the main thread what the kernel thread asks for. */
export function serveRunner(port: MessagePort, { runner, inspected, end }: ServeOptions): void {
  port.on("message", (message: ToMain) => {
    if (message.do === "end") return end();
    if (message.do === "inspected") return inspected(message.id, message.bundle);
    void perform(message, runner).then(({ answer, transfer }) =>
      port.postMessage({ is: "done", id: message.id, answer } satisfies ToKernel, transfer),
    );
  });
}

async function perform(job: Job, runner: Runner): Promise<Answer> {
  switch (job.do) {
    case "execute":
      return packed(writable(await runner.execute(job.asked.cell, job.asked.origin)));
    case "evaluate":
      return { answer: writable(await runner.evaluate(job.asked.expression, job.asked.origin)) };
    case "comm":
      return { answer: await runner.comm(job.asked.message, job.asked.origin) };
    case "interrupt":
      return { answer: runner.interrupt() };
    case "stoppedAt":
      return { answer: runner.stoppedAt(job.asked) };
    case "members":
      return { answer: liveMembers(runner.scope, job.asked) };
    case "describe":
      return { answer: describeLive(runner.scope, job.asked) };
    case "variables":
      return { answer: variablesOf(runner.scope, job.asked) };
  }
}

function packed(outcome: Outcome): Answer {
  if (outcome.status === "error" || outcome.result === undefined) return { answer: outcome };
  const { bundle: result, transfer } = packPictures(outcome.result);
  return { answer: { ...outcome, result }, transfer };
}

/** A result that cannot be written as JSON fails its cell. */
function writable(outcome: Outcome): Outcome {
  if (outcome.status === "error" || outcome.result === undefined) return outcome;
  try {
    return { ...outcome, result: toJsonBundle(outcome.result) };
  } catch (error) {
    return failureOf(error);
  }
}
