import type { MessagePort } from "node:worker_threads";

import type { CommMessage } from "../../jupyter/commMessage.ts";
import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import type { CellRequest, Origin, Outcome, Variable } from "../core/interpreter.ts";
import type { LiveDescription } from "../language/describeLive.ts";
import type { LiveMember } from "../language/liveMembers.ts";
import type { StackFrame } from "../language/stackTrace.ts";

/** What the kernel thread is started with. */
export interface KernelThreadData {
  connectionFile: string;
  /** Where cells find their files and packages. */
  directory: string;
  /** The memory of `interruptFlags`. */
  interruptMemory: SharedArrayBuffer;
  /** For {@link ToMain} and {@link ToKernel}. */
  port: MessagePort;
  /** The other end of what the user types: see `userInput.ts`. */
  inputPort: MessagePort;
}

/** What the kernel thread asks of the main thread, with what it answers. */
export interface Jobs {
  execute: { asked: { cell: CellRequest; origin: Origin }; answer: Outcome };
  evaluate: { asked: { expression: string; origin: Origin }; answer: Outcome };
  comm: { asked: { message: CommMessage; origin: Origin }; answer: void };
  interrupt: { asked: void; answer: void };
  /** Where the main thread is, told before a signal breaks into what it does. */
  stoppedAt: { asked: StackFrame[]; answer: void };
  /** The members that the value of a dotted expression has now. */
  members: { asked: string; answer: LiveMember[] };
  /** What the value of a dotted expression is now. */
  describe: { asked: string; answer: LiveDescription | undefined };
  /** All variables, or the one of a name. */
  variables: { asked: string | undefined; answer: Variable[] };
}

export type JobName = keyof Jobs;

/** A job, with the number that its answer has. */
export type Job<Name extends JobName = JobName> = {
  [N in Name]: { do: N; id: number; asked: Jobs[N]["asked"] };
}[Name];

/** A name of the session, and where it stands in a text. */
export interface Inspection {
  code: string;
  offset: number;
  detail: 0 | 1;
}

/** From the kernel thread to the main thread. */
export type ToMain = Job | { do: "inspected"; id: number; bundle: MimeBundle | undefined } | { do: "end" };

/** From the main thread to the kernel thread. */
export type ToKernel =
  | { is: "done"; id: number; answer: Jobs[JobName]["answer"] }
  | { is: "stream"; origin: Origin | undefined; name: "stdout" | "stderr"; text: string }
  | {
      is: "display";
      origin: Origin | undefined;
      bundle: MimeBundle;
      options?: { displayId?: string; update?: boolean };
    }
  | { is: "clearOutput"; origin: Origin | undefined; wait: boolean }
  | { is: "comm"; origin: Origin | undefined; message: CommMessage }
  | { is: "input"; id: number; origin: Origin | undefined; prompt: string; password: boolean }
  | { is: "inspect"; id: number; asked: Inspection }
  | { is: "background"; group: number }
  | { is: "exit" };

/** What the user typed, or why nothing was. */
export type InputReply =
  { id: number; line: string } | { id: number; error: { name: string; message: string } };
