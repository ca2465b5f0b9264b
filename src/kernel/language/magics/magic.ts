import type { MimeBundle } from "../../../jupyter/mimeBundle.ts";
import type { Payload } from "../../core/interpreter.ts";
import type { SessionScope } from "../sessionScope.ts";
import type { Watch } from "../watch.ts";

/** What a magic works with. */
export interface MagicContext {
  /** The name it was called by. */
  name: string;
  /** What stands behind the name; empty when nothing does. */
  argument: string;
  /** Computes the expression behind the magic; for those that measure one. */
  expression: (() => unknown) | undefined;
  scope: SessionScope;
  /** The names that the running cell declares. */
  declared: ReadonlySet<string>;
  /** The notebook's directory. */
  directory: string;
  /** Aborted when the user stops the cell. */
  signal: AbortSignal;
  /** Calls something of the user's where the stop button reaches it. */
  watch: Watch;
  /** Throws when the user has stopped the cell: for loops that never wait. */
  checkInterruption: () => void;
  /** Asks the front end for something besides showing output. */
  ask: (payload: Payload) => void;
  /** Told of the process group of a command whose processes go on when it has ended. */
  background: (group: number) => void;
  /** What the checker knows of a name; undefined when it knows nothing. */
  inspect: (name: string, detail: 0 | 1) => Promise<MimeBundle | undefined>;
}

/** A magic: a line for the list, and what it does. A value it gives is the value of its line. */
export interface Magic {
  usage: string;
  help: string;
  run(context: MagicContext): unknown;
}
