import type { CommMessage } from "./commMessage.ts";
import { denoHost } from "./hosts/deno.ts";
import { terminalHost } from "./hosts/terminal.ts";
import { tslabHost } from "./hosts/tslab.ts";
import type { MimeBundle } from "./mimeBundle.ts";

/** How the user is asked for a line. */
export interface InputOptions {
  /** Does not show what is typed. Default false. */
  password?: boolean;
}

/** What shows displays and asks the user: our kernel, another kernel by an adapter, or a terminal. It has the methods that it can do. */
export interface Host {
  /** What runs the code, in words: for messages. Default: "this notebook". */
  readonly name?: string;
  /** Whether this is a notebook, which shows pictures and rewrites a line. */
  readonly notebook: boolean;
  /** Aborted when the user presses stop; undefined where nothing can be stopped. */
  readonly signal?: AbortSignal;
  /** Shows a bundle; with a `displayId` a later call with `update: true` replaces it in place. */
  display(bundle: MimeBundle, options?: { displayId?: string; update?: boolean }): void | Promise<void>;
  /** Removes what the cell has shown; with `wait` only when something new is shown. */
  clearOutput?(options?: { wait?: boolean }): void | Promise<void>;
  /** Asks the user for a line. */
  input?(prompt: string, options?: InputOptions): Promise<string>;
  /** The same, and everything waits. */
  inputSync?(prompt: string, options?: InputOptions): string;
  /** Sends a message to the other end of a comm. */
  sendComm?(message: CommMessage): void;
}

/**
 * The host lives on a well-known global symbol and not in a module variable, because the kernel and the notebook may
 * have loaded two copies of this package (one installed with the kernel, one beside the notebook).
 */
const hostSymbol = Symbol.for("convoscope.host");

type Global = typeof globalThis & { [hostSymbol]?: Host | undefined };

/** Makes `host` the one in charge from now on; undefined: none of ours. */
export function setHost(host: Host | undefined): void {
  // Not enumerable: who prints the global object looks for names of their own.
  const property = { value: host, enumerable: false, writable: true, configurable: true };
  Reflect.defineProperty(globalThis, hostSymbol, property);
}

/** Asked for once: a process does not change its kernel. */
let otherHost: Host | undefined;

/** The host in charge: our kernel if it runs us, else whichever other kernel does, else the terminal. */
export function currentHost(): Host {
  return (globalThis as Global)[hostSymbol] ?? (otherHost ??= tslabHost() ?? denoHost() ?? terminalHost);
}
