import type { MimeData } from "../mimeBundle.ts";
import type { Kind } from "./kind.ts";

/** The bytes of a picture file: PNG, JPEG, GIF, WebP or SVG. */
export const imageBytes: Kind<Uint8Array | ArrayBuffer> = {
  is: (value): value is Uint8Array | ArrayBuffer =>
    (value instanceof Uint8Array || value instanceof ArrayBuffer) && imageType(toBuffer(value)) !== undefined,
  render: (value) => imageToData(toBuffer(value)),
};

/** The representations of a picture's bytes. */
export function imageToData(bytes: Uint8Array): MimeData {
  const type = imageType(bytes);
  if (type === undefined) return {};
  const content = toBuffer(bytes).toString(type === "image/svg+xml" ? "utf8" : "base64");
  return { [type]: content, "text/plain": `${type}, ${bytes.length.toLocaleString("en")} bytes` };
}

/** The MIME type of a picture, by its first bytes; undefined where they are not a picture's. */
export function imageType(bytes: Uint8Array): string | undefined {
  const start = toBuffer(bytes.subarray(0, 1024)).toString("latin1");
  return signatures.find(([, signature]) => signature.test(start))?.[0];
}

const signatures: readonly [type: string, signature: RegExp][] = [
  ["image/png", /^\x89PNG\r\n\x1a\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  // Behind a byte order mark, the XML declaration, comments and the document type.
  ["image/svg+xml", /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/i],
];

function toBuffer(bytes: Uint8Array | ArrayBuffer): Buffer {
  return bytes instanceof ArrayBuffer
    ? Buffer.from(bytes)
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
