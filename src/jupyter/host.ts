import { terminalHost } from "./hosts/terminal.ts";
import { tslabHost } from "./hosts/tslab.ts";
import type { MimeBundle } from "./mimeBundle.ts";

/** What shows displays: our kernel, another kernel by an adapter, or a terminal. */
export interface Host {
  /** Shows a bundle; with a `displayId` a later call with `update: true` replaces it in place. */
  display(bundle: MimeBundle, options?: { displayId?: string; update?: boolean }): void | Promise<void>;
  /** Whether this is a notebook, which shows pictures and rewrites a line. */
  readonly notebook: boolean;
  /** Aborted when the user presses stop; undefined where nothing can be stopped. */
  readonly signal?: AbortSignal;
}

/**
 * The host lives on a well-known global symbol and not in a module variable, because the kernel and the notebook may
 * have loaded two copies of this package (one installed with the kernel, one beside the notebook).
 */
const hostSymbol = Symbol.for("convoscope.host");

type Global = typeof globalThis & { [hostSymbol]?: Host };

/** Makes `host` the one that shows displays from now on. */
export function setHost(host: Host): void {
  (globalThis as Global)[hostSymbol] = host;
}

/** Asked for once: a process does not change its kernel. */
let otherHost: Host | undefined;

/** The host in charge: our kernel if it runs us, else whichever other kernel does, else the terminal. */
export function currentHost(): Host {
  return (globalThis as Global)[hostSymbol] ?? (otherHost ??= tslabHost() ?? terminalHost);
}
