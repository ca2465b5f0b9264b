/**
 * What both ends of a comm (a connection between an object here and its view in the browser) tell each other: the messages
 * `comm_open`, `comm_msg` and `comm_close` of Jupyter's protocol.
 */
export interface CommMessage {
  type: "comm_open" | "comm_msg" | "comm_close";
  id: string;
  /** What the other end looks up to know what to do; of `comm_open` only. */
  target?: string;
  data: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
}
