import type { MessagePort } from "node:worker_threads";

import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import { failureOf } from "../core/failure.ts";
import type { Outcome } from "../core/interpreter.ts";
import type { Runner } from "../language/interpreter.ts";
import { liveMembers } from "../language/liveMembers.ts";
import type { Job, Jobs, JobName, ToKernel, ToMain } from "./messages.ts";
import { toJsonBundle } from "./portFrontend.ts";

type Answer = Jobs[JobName]["answer"];

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
    void perform(message, runner).then((answer) =>
      port.postMessage({ is: "done", id: message.id, answer } satisfies ToKernel),
    );
  });
}

async function perform(job: Job, runner: Runner): Promise<Answer> {
  switch (job.do) {
    case "execute":
      return writable(await runner.execute(job.asked.cell, job.asked.origin));
    case "evaluate":
      return writable(await runner.evaluate(job.asked.expression, job.asked.origin));
    case "comm":
      return runner.comm(job.asked.message, job.asked.origin);
    case "interrupt":
      return runner.interrupt();
    case "stoppedAt":
      return runner.stoppedAt(job.asked);
    case "members":
      return liveMembers(runner.scope, job.asked);
  }
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
