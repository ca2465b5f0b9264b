import { randomUUID } from "node:crypto";
import { InputError } from "../errors.ts";
import type { CommMessage } from "./commMessage.ts";
import { currentHost } from "./host.ts";

/** What a message carries besides its data. */
export interface CommExtras {
  /** The message's metadata. Default: none. */
  metadata?: Record<string, unknown>;
  /** Bytes that travel as they are, beside the JSON. Default: none. */
  buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

/** What comes in over a comm. */
export interface IncomingMessage {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** What is called with what comes in. When it throws or rejects, the notebook shows the error. */
export type CommListener = (message: IncomingMessage) => void | Promise<void>;

/** A connection between an object here and its counterpart in the browser. */
export interface Comm {
  readonly id: string;
  /** The name by which the other end was found. */
  readonly target: string;
  /** Whether either end has closed it. */
  readonly closed: boolean;
  /** @throws InputError when the comm is closed */
  send(data: Record<string, unknown>, extras?: CommExtras): void;
  /** Ends the connection. Does nothing when it is closed. */
  close(data?: Record<string, unknown>, extras?: CommExtras): void;
  /** Adds a listener for messages of the other end. Returns what removes it. */
  onMessage(listener: CommListener): () => void;
  /** Adds a listener for the end of the connection by the other end. Returns what removes it. */
  onClose(listener: CommListener): () => void;
}

/** What is called for each comm that the browser opens. */
export type CommTargetHandler = (comm: Comm, message: IncomingMessage) => void | Promise<void>;

/** An open comm, as messages for it find it. */
interface OpenComm {
  messageListeners: Set<CommListener>;
  closeListeners: Set<CommListener>;
}

interface CommRegistry {
  comms: Map<string, OpenComm>;
  targets: Map<string, CommTargetHandler>;
}

/** On a global symbol for the reason that the host is there: a comm opened by one copy of this package gets its messages from another. */
const registrySymbol = Symbol.for("convoscope.comms");

function registry(): CommRegistry {
  const holder = globalThis as typeof globalThis & { [registrySymbol]?: CommRegistry };
  return (holder[registrySymbol] ??= { comms: new Map(), targets: new Map() });
}

/** Options of {@link openComm}. */
export interface OpenCommOptions extends CommExtras {
  /** What the other end is told at the start. Default: nothing. */
  data?: Record<string, unknown>;
}

/**
 * Opens a connection to an object in the browser: what widgets are made of.
 *
 * ```ts
 * const comm = openComm("my-extension", { data: { color: "red" } });
 * comm.onMessage(({ data }) => console.log(data));
 * comm.send({ color: "blue" }, { buffers: [Float32Array.of(1, 2)] });
 * comm.close();
 * ```
 *
 * @param target the name under which an extension of the front end has registered
 * @param options `data`, `metadata`, `buffers` of the first message; see {@link OpenCommOptions}
 * @throws InputError where there is no browser: in a terminal and in tslab
 */
export function openComm(
  target: string,
  { data = {}, metadata = {}, buffers = [] }: OpenCommOptions = {},
): Comm {
  const host = currentHost();
  if (host.sendComm === undefined) {
    const expected = "a notebook whose kernel has comms";
    throw new InputError({ who: "openComm", expected, found: host.name ?? "this notebook" });
  }
  const id = randomUUID();
  host.sendComm({ type: "comm_open", id, target, data, metadata, buffers: buffers.map(toBytes) });
  return addComm(id, target);
}

/**
 * Says what happens when the browser opens a comm to `target`. A later registration replaces an earlier one, as when a cell is run
 * again.
 *
 * ```ts
 * const unregister = registerCommTarget("clock", (comm, { data }) => {
 *   comm.send({ now: Date.now(), asked: data });
 * });
 * unregister();
 * ```
 *
 * @returns what removes the registration
 */
export function registerCommTarget(target: string, handler: CommTargetHandler): () => void {
  const { targets } = registry();
  targets.set(target, handler);
  return () => {
    if (targets.get(target) === handler) targets.delete(target);
  };
}

/**
 * Takes a message of the browser to its comm. A comm for a target that nobody has registered is closed; a message for a comm that
 * is not open is too late and dropped.
 *
 * @throws what a handler or a listener throws, for the kernel to show
 */
export async function receiveComm(message: CommMessage): Promise<void> {
  const { id, data, metadata = {}, buffers = [] } = message;
  const incoming = { data, metadata, buffers };
  if (message.type === "comm_open") return accept(id, message.target ?? "", incoming);
  const { comms } = registry();
  const comm = comms.get(id);
  if (comm === undefined) return;
  if (message.type === "comm_close") comms.delete(id);
  await callAll(message.type === "comm_close" ? comm.closeListeners : comm.messageListeners, incoming);
}

async function accept(id: string, target: string, message: IncomingMessage): Promise<void> {
  const handler = registry().targets.get(target);
  if (handler === undefined) {
    currentHost().sendComm?.({ type: "comm_close", id, data: {} });
    return;
  }
  const comm = addComm(id, target);
  try {
    await handler(comm, message);
  } catch (error) {
    comm.close();
    throw error;
  }
}

/** Each listener hears of the message, also when one before it fails. */
async function callAll(listeners: ReadonlySet<CommListener>, message: IncomingMessage): Promise<void> {
  const errors: unknown[] = [];
  for (const listener of [...listeners]) {
    try {
      await listener(message);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} listeners of a comm failed`);
}

function addComm(id: string, target: string): Comm {
  const { comms } = registry();
  const open: OpenComm = { messageListeners: new Set(), closeListeners: new Set() };
  comms.set(id, open);
  const isOpen = (): boolean => comms.get(id) === open;
  const send = (
    type: "comm_msg" | "comm_close",
    data: Record<string, unknown>,
    { metadata = {}, buffers = [] }: CommExtras = {},
  ): void => currentHost().sendComm?.({ type, id, data, metadata, buffers: buffers.map(toBytes) });
  return {
    id,
    target,
    get closed() {
      return !isOpen();
    },
    send(data, extras) {
      if (!isOpen()) {
        throw new InputError({ who: "send", expected: "an open comm", found: `a closed one of ${target}` });
      }
      send("comm_msg", data, extras);
    },
    close(data = {}, extras) {
      if (!isOpen()) return;
      comms.delete(id);
      send("comm_close", data, extras);
    },
    onMessage: (listener) => addTo(open.messageListeners, listener),
    onClose: (listener) => addTo(open.closeListeners, listener),
  };
}

function addTo(listeners: Set<CommListener>, listener: CommListener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function toBytes(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}
