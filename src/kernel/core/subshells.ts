import { randomUUID } from "node:crypto";

import { failureOf } from "./failure.ts";
import type { Kernel, Request } from "./kernel.ts";
import { Lane } from "./lane.ts";
import type { JsonObject } from "./transport.ts";

/** A message asked for a subshell that does not exist, or no longer. */
export class UnknownSubshellError extends Error {
  override readonly name = "UnknownSubshellError";

  constructor(id: unknown) {
    super(
      `subshell: expected the id of an open subshell, found ${JSON.stringify(id)}; list_subshell_request lists them`,
    );
  }
}

/**
 * The lanes of the shell channel: the main shell and those opened beside it, each with its own queue. They share the session, its
 * variables and the numbers of the cells.
 */
export class Subshells {
  readonly main = new Lane();
  readonly #lanes = new Map<unknown, Lane>();

  get ids(): string[] {
    return [...this.#lanes.keys()].map(String);
  }

  /** The lane of a message with this `subshell_id` in its header; undefined when there is no such subshell. */
  lane(id: unknown): Lane | undefined {
    return id === undefined || id === null ? this.main : this.#lanes.get(id);
  }

  create(): string {
    const id = randomUUID();
    this.#lanes.set(id, new Lane());
    return id;
  }

  /** Takes no more messages for it; what is queued there is still done. Throws UnknownSubshellError. */
  delete(id: unknown): void {
    if (!this.#lanes.delete(id)) throw new UnknownSubshellError(id);
  }
}

export function createSubshell({ subshells }: Kernel): JsonObject {
  return { status: "ok", subshell_id: subshells.create() };
}

export function deleteSubshell({ subshells }: Kernel, { content }: Request): JsonObject {
  try {
    subshells.delete(content.subshell_id);
    return { status: "ok" };
  } catch (error) {
    return { ...failureOf(error) };
  }
}

export function listSubshells({ subshells }: Kernel): JsonObject {
  return { status: "ok", subshell_id: subshells.ids };
}
