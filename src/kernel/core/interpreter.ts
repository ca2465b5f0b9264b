import type { CommMessage } from "../../jupyter/commMessage.ts";
import type { MimeBundle, MimeData } from "../../jupyter/mimeBundle.ts";

/**
 * The request that something runs for. An interpreter keeps it with whatever the code starts, timers and promises too, and
 * names it in all that it publishes, so that late output still lands under its cell.
 */
export type Origin = number;

/** A cell to run. */
export interface CellRequest {
  code: string;
  /** The number that errors name it by, as in `Cell [3]`; undefined for code without one (silent requests). */
  count?: number;
}

/** An error as front ends show it. */
export interface Failure {
  status: "error";
  ename: string;
  evalue: string;
  traceback: string[];
  /** The user pressed stop. */
  interrupted?: boolean;
  /** The cell did not even begin to run: it is no TypeScript. */
  unstarted?: boolean;
}

/** What a front end is asked to do besides showing output: open the pager, or put text into the next cell. */
export type Payload =
  | { source: "page"; data: MimeData; start: number }
  | { source: "set_next_input"; text: string; replace: boolean };

/** How a cell ended. */
export type Outcome = { status: "ok"; result?: MimeBundle; payload?: Payload[] } | Failure;

export type Completeness =
  { status: "complete" | "invalid" | "unknown" } | { status: "incomplete"; indent: string };

/** What may stand at the cursor. Offsets are in UTF-16 units. */
export interface Completion {
  start: number;
  end: number;
  matches: CompletionMatch[];
}

export interface CompletionMatch {
  text: string;
  /** What it is, in the words that JupyterLab has icons for: `function`, `class`, `module`, `keyword`, `property`, … */
  type: string;
  /** Its type as TypeScript writes it; empty when it has none. */
  signature: string;
}

/** A name of the session and what it holds. */
export interface Variable {
  name: string;
  /** `number`, `Array(3)`, `Tensor float32 [2,3]`, `function (a, b)`. */
  type: string;
  /** The value in one line; empty for functions and classes. */
  text: string;
}

/** The `language_info` of kernel_info, with the names of the wire. */
export interface LanguageInfo {
  name: string;
  version: string;
  mimetype: string;
  file_extension: string;
  pygments_lexer: string;
  codemirror_mode: string;
  nbconvert_exporter: string;
}

/** A language, as the core sees it: it knows nothing of messages. It may live on another thread. */
export interface Interpreter {
  readonly languageInfo: LanguageInfo;
  readonly banner: string;
  readonly helpLinks: { text: string; url: string }[];
  execute(cell: CellRequest, origin: Origin): Promise<Outcome>;
  /** Computes an expression beside the cells, for `user_expressions`. */
  evaluate(expression: string, origin: Origin): Promise<Outcome>;
  /** A message of the front end to an object of the session. */
  comm(message: CommMessage, origin: Origin): Promise<void>;
  isComplete(code: string): Promise<Completeness>;
  /** What may stand at an offset in UTF-16 units. Answered while a cell runs, too. */
  complete(code: string, offset: number): Promise<Completion>;
  /** What is known of the name at an offset; with detail 1 its source as well. Undefined when nothing is. */
  inspect(code: string, offset: number, detail: 0 | 1): Promise<MimeBundle | undefined>;
  /** The names of the session, in the order of their first declaration, or the one asked for. Nothing of the user's runs for it. */
  variables(name?: string): Promise<Variable[]>;
  /** Stops what is running; does nothing when nothing is. */
  interrupt(): void;
}

/** What an interpreter can ask of the kernel around it. All that it publishes can be written as JSON, which it has seen to. */
export interface Frontend {
  stream(origin: Origin | undefined, name: "stdout" | "stderr", text: string): void;
  display(
    origin: Origin | undefined,
    bundle: MimeBundle,
    options?: { displayId?: string; update?: boolean },
  ): void;
  /** Removes the output of the cell; with `wait` only when new output comes. */
  clearOutput(origin: Origin | undefined, options?: { wait?: boolean }): void;
  comm(origin: Origin | undefined, message: CommMessage): void;
  /** Asks the user for a line. Rejects when the front end does not allow it, and when the cell is stopped meanwhile. */
  input(origin: Origin | undefined, prompt: string, options?: { password?: boolean }): Promise<string>;
  /** Ends the kernel after what is being handled was answered. */
  shutDown(): void;
}
