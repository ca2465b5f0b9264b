import type { CommMessage } from "../../jupyter/commMessage.ts";
import { objectOf } from "./content.ts";
import type { Kernel, Request } from "./kernel.ts";
import type { JsonObject } from "./transport.ts";

/** The comms that are open, by the messages of both sides. */
export class Comms {
  readonly #targets = new Map<string, string>();

  has(id: string): boolean {
    return this.#targets.has(id);
  }

  /** Opens or closes the comm that a message is about. */
  note({ type, id, target = "" }: CommMessage): void {
    if (type === "comm_open") this.#targets.set(id, target);
    else if (type === "comm_close") this.#targets.delete(id);
  }

  /** The open comms as `comm_info_reply` lists them. */
  list(target?: string): Record<string, { target_name: string }> {
    const wanted = [...this.#targets].filter(([, name]) => target === undefined || name === target);
    return Object.fromEntries(wanted.map(([id, name]) => [id, { target_name: name }]));
  }
}

export function commInfo({ comms }: Kernel, { content }: Request): JsonObject {
  const target = content.target_name;
  return { status: "ok", comms: comms.list(typeof target === "string" ? target : undefined) };
}

/**
 * A message to an open comm is taken at once, so that a slider moves while a cell computes; but not before the messages
 * of that comm that already wait.
 */
export function commIsReady({ comms }: Kernel, { content, lane }: Request): boolean {
  const id = content.comm_id;
  return typeof id === "string" && comms.has(id) && !lane.awaits(id);
}

/** Hands a comm message of the front end to the interpreter. One about a comm that is not open is logged. */
export async function takeComm(kernel: Kernel, request: Request): Promise<undefined> {
  const message = readComm(request);
  if (message === undefined || (message.type !== "comm_open" && !kernel.comms.has(message.id))) {
    kernel.log(
      `${request.header.msg_type} for a comm that is not open: ${JSON.stringify(request.content.comm_id)}`,
    );
    return;
  }
  kernel.comms.note(message);
  const origin = kernel.origins.add(request.parent);
  try {
    await kernel.interpreter.comm(message, origin);
  } catch (error) {
    // The other side must not believe in a comm that nobody holds here.
    if (message.type === "comm_open") kernel.comm(origin, { type: "comm_close", id: message.id, data: {} });
    throw error;
  }
}

function readComm({ header, content, metadata, buffers }: Request): CommMessage | undefined {
  const { comm_id: id, target_name: target } = content;
  if (typeof id !== "string" || id === "") return undefined;
  const message = { id, data: objectOf(content.data), metadata, buffers };
  if (header.msg_type === "comm_open")
    return typeof target === "string" ? { type: "comm_open", target, ...message } : undefined;
  return { type: header.msg_type === "comm_close" ? "comm_close" : "comm_msg", ...message };
}
