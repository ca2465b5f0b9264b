import type { Channel, ConnectionInfo } from "./connectionInfo.ts";
import type { Message, UnsignedMessage } from "./message.ts";

/** What the socket thread is started with. */
export interface ThreadData {
  info: ConnectionInfo;
  session: string;
  urgent?: Urgent;
}

/**
 * Code that the socket thread runs for each control message, because the main thread may be busy. The module exports
 * `createUrgent(data)`, which returns a function that is given the type of each message.
 */
export interface Urgent {
  module: string;
  /** Anything that can be cloned; shared memory, mostly. */
  data: unknown;
}

/** From the main thread to the socket thread. */
export type Order =
  { do: "send"; channel: Channel; message: UnsignedMessage } | { do: "sync"; id: number } | { do: "close" };

/** From the socket thread to the main thread. */
export type Report =
  | { is: "ready" }
  | { is: "failed"; channel: Channel; reason: string }
  | { is: "message"; channel: Channel; message: Message }
  | { is: "synced"; id: number };
