import type { Completeness } from "../../core/interpreter.ts";
import type { TypedCompletion } from "./complete.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { TypedInspection } from "./inspect.ts";
import type { CheckedCell } from "./typeService.ts";

/** What the checker's thread is started with. */
export interface CheckerThreadData {
  directory: string;
  /** The cells of the session so far; some when a thread takes the place of one that died. */
  cells: CheckedCell[];
  /** How many urgent questions wait, in shared memory: a check stops for them and starts anew after them. */
  urgent: SharedArrayBuffer;
}

/** What the thread can be asked, with what it is given and what it answers. */
export interface Questions {
  diagnose: { asked: { cell: number }; answer: Diagnostic[] };
  complete: { asked: { code: string; offset: number }; answer: TypedCompletion };
  isComplete: { asked: { code: string }; answer: Completeness };
  inspect: { asked: { code: string; offset: number; detail: 0 | 1 }; answer: TypedInspection };
}

export type QuestionName = keyof Questions;

/** A question, with the number that its answer has. */
export type Question<Name extends QuestionName = QuestionName> = {
  [N in Name]: { id: number; is: N; asked: Questions[N]["asked"] };
}[Name];

/** What changes the session without an answer. */
export type Order =
  { do: "warmUp" } | { do: "add"; cell: CheckedCell } | { do: "remove"; cell: number } | { do: "reset" };

/** From the client to the thread. */
export type ToThread = Question | Order;

/** From the thread to the client; `failed` says that TypeScript threw. */
export type FromThread = { id: number; answer: unknown } | { id: number; failed: string };

/** Whether someone waits for the answer before typing on. */
export function isUrgent(message: ToThread): boolean {
  return "is" in message && message.is !== "diagnose";
}
