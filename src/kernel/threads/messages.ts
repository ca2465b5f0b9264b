import type { MessagePort } from "node:worker_threads";

import type { CommMessage } from "../../jupyter/commMessage.ts";
import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import type { CellRequest, Origin, Outcome } from "../core/interpreter.ts";
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

/** From the kernel thread to the main thread. Jobs are answered with `done` and their id. */
export type ToMain =
  | { do: "execute"; id: number; cell: CellRequest; origin: Origin }
  | { do: "evaluate"; id: number; expression: string; origin: Origin }
  | { do: "comm"; id: number; message: CommMessage; origin: Origin }
  | { do: "interrupt"; id: number }
  | { do: "stoppedAt"; id: number; frames: StackFrame[] }
  | { do: "end" };

/** From the main thread to the kernel thread. */
export type ToKernel =
  | { is: "done"; id: number; outcome: Outcome }
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
  | { is: "exit" };

/** What the user typed, or why nothing was. */
export type InputReply =
  { id: number; line: string } | { id: number; error: { name: string; message: string } };
