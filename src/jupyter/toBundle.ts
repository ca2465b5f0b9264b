import { inspect } from "node:util";

import {
  isDisplayable,
  displaySymbol,
  metadataSymbol,
  type MimeBundle,
  type MimeData,
} from "./mimeBundle.ts";

/** Text longer than this is cut, in UTF-16 units. */
const maxText = 100_000;

/**
 * How a value is shown: by its own method of {@link displaySymbol}, as a picture when it is the bytes of one, else as text.
 */
export async function toBundle(value: unknown): Promise<MimeBundle> {
  if (isDisplayable(value)) return ownBundle(await value[displaySymbol](), value);
  const text = toText(value);
  const type = value instanceof Uint8Array ? imageType(value) : undefined;
  if (type === undefined) return { data: { "text/plain": text }, metadata: {} };
  const bytes = value as Uint8Array;
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return { data: { [type]: image, "text/plain": `${type}, ${bytes.length} bytes` }, metadata: {} };
}

function ownBundle(
  { [metadataSymbol]: metadata = {}, ...data }: MimeData & { [metadataSymbol]?: Record<string, unknown> },
  value: object,
): MimeBundle {
  // Front ends without any of the other representations fall back to text, and some require it.
  if ("text/plain" in data) return { data, metadata };
  return { data: { ...data, "text/plain": `[${value.constructor?.name ?? "object"}]` }, metadata };
}

/** The value as `console.log` would print it inside an object: strings with quotes, nothing in colour. */
function toText(value: unknown): string {
  const text = inspect(value, { depth: 4, colors: false, maxArrayLength: 100, maxStringLength: 10_000 });
  if (text.length <= maxText) return text;
  return `${text.slice(0, maxText)}\n… (${text.length.toLocaleString("en")} characters, cut here)`;
}

function imageType(bytes: Uint8Array): string | undefined {
  const starts = (...signature: number[]): boolean => signature.every((byte, index) => bytes[index] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  if (starts(0xff, 0xd8, 0xff)) return "image/jpeg";
  return undefined;
}
