import { InputError } from "../../errors.ts";
import type { CommMessage } from "../commMessage.ts";
import { currentHost } from "../host.ts";
import type { MimeData } from "../mimeBundle.ts";

/** The contents of the messages that can be sent, with the names of the wire. */
interface Content {
  data?: MimeData;
  metadata?: Record<string, unknown>;
  transient?: { display_id?: string };
  wait?: boolean;
  name?: "stdout" | "stderr";
  text?: string;
  comm_id?: string;
  target_name?: string;
}

interface Extras {
  metadata?: Record<string, unknown>;
  buffers?: (ArrayBuffer | Uint8Array)[];
}

/** `Deno.jupyter.broadcast`: sends a message of Jupyter's protocol to all front ends. */
export async function broadcast(type: string, content: object, extras: Extras = {}): Promise<void> {
  const send = senders[type];
  if (send === undefined) {
    const expected = `one of ${Object.keys(senders).join(", ")}`;
    throw new InputError({ who: "Deno.jupyter.broadcast", expected, found: type });
  }
  await send(content, extras);
}

const senders: Record<string, (content: Content, extras: Extras) => void | Promise<void>> = {
  display_data: (content) => show(content, false),
  update_display_data: (content) => show(content, true),
  clear_output: ({ wait = false }) => currentHost().clearOutput?.({ wait }),
  stream: ({ name = "stdout", text = "" }) => void process[name].write(text),
  comm_open: (content, extras) => sendComm("comm_open", content, extras),
  comm_msg: (content, extras) => sendComm("comm_msg", content, extras),
  comm_close: (content, extras) => sendComm("comm_close", content, extras),
};

function show(
  { data = {}, metadata = {}, transient: { display_id: displayId } = {} }: Content,
  update: boolean,
): void | Promise<void> {
  const named = displayId === undefined ? {} : { displayId };
  return currentHost().display({ data, metadata }, { ...named, update });
}

function sendComm(
  type: CommMessage["type"],
  { comm_id: id = "", target_name: target, data = {} }: Content,
  { metadata = {}, buffers = [] }: Extras,
): void {
  currentHost().sendComm?.({
    type,
    id,
    ...(target !== undefined && { target }),
    data,
    metadata,
    buffers: buffers.map((buffer) => (buffer instanceof Uint8Array ? buffer : new Uint8Array(buffer))),
  });
}
