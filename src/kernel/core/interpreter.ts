import type { MimeBundle } from "../../jupyter/mimeBundle.ts";

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
}

/** How a cell ended. */
export type Outcome = { status: "ok"; result?: MimeBundle } | Failure;

export type Completeness =
  { status: "complete" | "invalid" | "unknown" } | { status: "incomplete"; indent: string };

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

/** A language, as the core sees it: it knows nothing of messages. */
export interface Interpreter {
  readonly languageInfo: LanguageInfo;
  readonly banner: string;
  readonly helpLinks: { text: string; url: string }[];
  execute(cell: CellRequest): Promise<Outcome>;
  /** Computes an expression beside the cells, for `user_expressions`. */
  evaluate(expression: string): Promise<Outcome>;
  isComplete(code: string): Completeness | Promise<Completeness>;
  /** Stops what is running; does nothing when nothing is. */
  interrupt(): void;
}
