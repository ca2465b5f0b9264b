import type { Channel } from "../transport/connectionInfo.ts";
import type { Message } from "../transport/message.ts";

export type { Channel, Message };
export type { Header, JsonObject } from "../transport/message.ts";

/** What the core needs of its sockets; tests hand in an array instead. */
export interface Transport {
  onMessage(listener: (channel: Channel, message: Message) => void): void;
  /** Sends a message. Throws, and sends nothing, when a part of it cannot be written as JSON. */
  send(channel: Channel, message: Message): void;
  /** Resolves after every message that had arrived by now was handed to the listener. */
  sync(): Promise<void>;
  /** Resolves when everything is sent and the sockets are closed. */
  close(): Promise<void>;
}
