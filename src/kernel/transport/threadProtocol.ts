import type { Channel, ConnectionInfo } from "./connectionInfo.ts";
import type { Message, UnsignedMessage } from "./message.ts";

/** What the socket thread is started with. */
export interface ThreadData {
  info: ConnectionInfo;
  session: string;
  /** A module whose `urgent(type)` is called in the socket thread for each control message, before the main thread hears of it. */
  urgentModule?: string;
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
