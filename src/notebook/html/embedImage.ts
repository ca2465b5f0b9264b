import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";

const types: Record<string, string> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
  ".avif": "image/avif",
};

/**
 * The picture that a path relative to `directory` names, as a `data:` address. Undefined for addresses of other kinds, for
 * files that are no pictures, and for pictures that cannot be read.
 */
export async function embedImage(source: string, directory: string): Promise<string | undefined> {
  if (/^([a-z][a-z\d+.-]*:|\/\/|#)/i.test(source)) return undefined;
  const path = decodePath(source.replace(/[?#].*$/, ""));
  const type = types[extname(path).toLowerCase()];
  if (type === undefined) return undefined;
  const bytes = await readFile(resolve(directory, path)).catch(() => undefined);
  return bytes && `data:${type};base64,${bytes.toString("base64")}`;
}

/** A path without percent signs; as it stands where they are none of an encoding. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
