import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The version of Jupyter's messaging protocol that every message of ours claims. */
export const protocolVersion = "5.5";

/** Separates the routing identities from the message in the frames of a Jupyter message. */
const delimiter = Buffer.from("<IDS|MSG>");

export type JsonObject = Record<string, unknown>;

/** The header of a message, with the names it has on the wire. */
export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
  subshell_id?: string | null;
}

/** A Jupyter message. An empty object as `parentHeader` means that nothing caused it. */
export interface Message {
  /** Routing identities (ROUTER sockets) or the topic (IOPub); empty at a client. */
  identities: Uint8Array[];
  header: Header;
  parentHeader: Partial<Header>;
  metadata: JsonObject;
  /** Where a message is sent, bytes among the properties of its `data` are base64 already, as text: long pictures. */
  content: JsonObject;
  buffers: Uint8Array[];
}

/** Makes the header of a new message of this type. */
export function makeHeader(type: string, session: string, { username = "kernel" } = {}): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username,
    date: new Date().toISOString(),
    version: protocolVersion,
  };
}

/**
 * The frames of a message, signed with `key`; an empty key leaves it unsigned. Throws TypeError when a part of it cannot be
 * written as JSON.
 *
 * ```ts
 * const request = { identities: [], header: makeHeader("kernel_info_request", session), parentHeader: {}, metadata: {}, content: {}, buffers: [] };
 * await socket.send(encode(request, key));
 * ```
 */
export function encode(
  { identities, header, parentHeader, metadata, content, buffers }: Message,
  key: string,
): Uint8Array[] {
  const texts = [header, parentHeader, metadata].map((part) => Buffer.from(toJson(part)));
  const parts = [...texts, contentToJson(content)];
  return [...identities, delimiter, Buffer.from(signature(parts, key)), ...parts, ...buffers];
}

/**
 * Reads a message from its frames; undefined when it is no message or not signed with `key`. The signature is checked over
 * the bytes as they came, never over JSON written anew, and does not cover the buffers.
 */
export function decode(frames: Uint8Array[], key: string): Message | undefined {
  const split = frames.findIndex((frame) => delimiter.equals(frame));
  const [signed, ...parts] = frames.slice(split + 1, split + 6);
  if (split < 0 || signed === undefined || parts.length < 4) return undefined;
  if (key !== "" && !equals(signed, Buffer.from(signature(parts, key)))) return undefined;
  const [header, parentHeader, metadata, content] = parts.map(parseObject);
  if (!header || !parentHeader || !metadata || !content) return undefined;
  if (typeof header.msg_type !== "string" || typeof header.msg_id !== "string") return undefined;
  return {
    identities: frames.slice(0, split),
    header: header as unknown as Header,
    parentHeader,
    metadata,
    content,
    buffers: frames.slice(split + 6),
  };
}

function signature(parts: Uint8Array[], key: string): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

function equals(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function parseObject(frame: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString(),
    );
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The content with the pictures of its `data` put in as they are: JSON.stringify looks at each character of a text. */
function contentToJson(content: JsonObject): Buffer {
  const data = typeof content.data === "object" ? { ...content.data } : {};
  const pictures = Object.entries(data).filter(
    (entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array,
  );
  if (pictures.length === 0) return Buffer.from(toJson(content));
  const marks = pictures.map(([type]) => [type, randomUUID()] as const);
  let rest = toJson({ ...content, data: { ...data, ...Object.fromEntries(marks) } });
  const pieces = marks.flatMap(([, mark], index) => {
    const [before, after] = rest.split(mark) as [string, string];
    rest = after;
    return [Buffer.from(before), pictures[index]![1]];
  });
  return Buffer.concat([...pieces, Buffer.from(rest)]);
}

/**
 * Writes JSON that every reader accepts. Half of a surrogate pair, which JSON.stringify leaves as an escape, becomes the
 * replacement character: Python would read it and then fail to write the notebook.
 */
function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes("\\ud")) return json;
  return json.replace(/\\(?:ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape.startsWith("\\ud") ? "\ufffd" : escape,
  );
}
