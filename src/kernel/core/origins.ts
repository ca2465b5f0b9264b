import type { Origin } from "./interpreter.ts";
import type { Header, Message } from "./transport.ts";

/** What is kept of a request for as long as output may come for it. */
export interface Parent {
  header: Header;
  identities: Uint8Array[];
  /** Its output is not shown. */
  silent: boolean;
  /** Its front end answers questions. */
  allowStdin: boolean;
  /** It was answered: nobody waits for its questions any more. */
  ended: boolean;
}

/** What is published for a request needs of it. */
export function parentOf({ header, identities, content }: Message): Parent {
  return {
    header,
    identities,
    silent: content.silent === true,
    allowStdin: content.allow_stdin === true,
    ended: false,
  };
}

/** How many requests are remembered: cells whose timers may still print. */
const maxParents = 10_000;

/** Numbers the requests that run code, and finds them again by their number when output comes, early or late. */
export class Origins {
  readonly #parents = new Map<Origin, Parent>();
  readonly #limit: number;
  #last: Origin = 0;
  #latest: Parent | undefined;

  constructor(limit = maxParents) {
    this.#limit = limit;
  }

  add(parent: Parent): Origin {
    const origin = ++this.#last;
    this.#parents.set(origin, parent);
    if (this.#parents.size > this.#limit) this.#parents.delete(origin - this.#limit);
    // Native code prints without an origin; the cell that is seen is the one it most likely belongs to.
    if (parent.header.msg_type === "execute_request" && !parent.silent) this.#latest = parent;
    return origin;
  }

  /** The request of that number; for one that is unknown or forgotten the latest cell, if there was any. */
  find(origin: Origin | undefined): Parent | undefined {
    return (origin === undefined ? undefined : this.#parents.get(origin)) ?? this.#latest;
  }
}
