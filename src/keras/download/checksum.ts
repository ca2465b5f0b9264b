import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** A published checksum: `md5:` or `sha256:` and its hexadecimal digits. */
export type Checksum = `md5:${string}` | `sha256:${string}`;

/** The checksum of a file, by the method of `like`. */
export async function checksumOf(path: string, like: Checksum, signal?: AbortSignal): Promise<Checksum> {
  const method = like.slice(0, like.indexOf(":")) as "md5" | "sha256";
  const hash = createHash(method);
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash, { ...(signal && { signal }) });
  return `${method}:${hash.digest("hex")}`;
}
