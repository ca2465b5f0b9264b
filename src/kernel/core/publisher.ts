import { makeHeader } from "../transport/message.ts";
import type { Parent } from "./origins.ts";
import { Streams } from "./streams.ts";
import type { Channel, Header, JsonObject, Message, Transport } from "./transport.ts";

export interface PublisherOptions {
  transport: Transport;
  /** The session named in every message. */
  session: string;
  log: (line: string) => void;
}

export interface SendOptions {
  /** The request that the message belongs to. Default: none. */
  parent?: Parent | undefined;
  metadata?: JsonObject | undefined;
  buffers?: Uint8Array[] | undefined;
}

/** Output that a silent request keeps to itself. */
const outputTypes = new Set([
  "stream",
  "display_data",
  "update_display_data",
  "clear_output",
  "execute_input",
  "execute_result",
  "error",
]);

const encoder = new TextEncoder();

/** Makes messages of what the kernel says, and sends them in the order in which it was said. */
export class Publisher {
  readonly #transport: Transport;
  readonly #session: string;
  readonly #log: (line: string) => void;
  readonly #streams = new Streams<Parent | undefined>((parent, name, text) =>
    this.#emit("iopub", "stream", { name, text }, { parent }),
  );

  constructor({ transport, session, log }: PublisherOptions) {
    this.#transport = transport;
    this.#session = session;
    this.#log = log;
  }

  /** Sends a message on a channel and returns its header. What was printed before goes out before it. */
  send(channel: Channel, type: string, content: JsonObject, options: SendOptions = {}): Header {
    this.flush();
    return this.#emit(channel, type, content, options);
  }

  /** Sends what is printed, together with what is printed right after it. */
  stream(parent: Parent | undefined, name: "stdout" | "stderr", text: string): void {
    this.#streams.write(parent, name, text);
  }

  /** Sends what was printed and still waits for more. */
  flush(): void {
    this.#streams.flush();
  }

  #emit(channel: Channel, type: string, content: JsonObject, options: SendOptions): Header {
    const { parent, metadata = {}, buffers = [] } = options;
    const header = makeHeader(type, this.#session);
    if (parent?.silent && outputTypes.has(type)) return header;
    const topic = encoder.encode(`kernel.${this.#session}.${type}`);
    const identities = channel === "iopub" ? [topic] : (parent?.identities ?? []);
    const parentHeader = parent?.header ?? {};
    this.#write(channel, { identities, header, parentHeader, metadata, content, buffers });
    return header;
  }

  #write(channel: Channel, message: Message): void {
    try {
      this.#transport.send(channel, message);
    } catch (error) {
      this.#log(`${message.header.msg_type} is not sent: ${String(error)}`);
    }
  }
}
