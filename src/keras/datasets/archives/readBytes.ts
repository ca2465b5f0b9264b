import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { InputError } from "../../../errors.ts";

const unpack = promisify(gunzip);

/**
 * Reads a file, unpacked where it is gzipped, whatever its name.
 *
 * @throws InputError when the packed data are damaged or cut short
 */
export async function readBytes(path: string, who: string): Promise<Buffer> {
  const bytes = await readFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  // The last four bytes of a gzip file are the length of its content: with room for all of it, nothing is put together from pieces.
  const size = bytes.readUInt32LE(bytes.length - 4);
  const chunkSize = Math.min(Math.max(size + 1, 64), bytes.length * 1100);
  return unpack(bytes, { chunkSize }).catch((cause: Error) => {
    const fix = "remove it and get it again";
    throw new InputError({
      who,
      expected: "a whole gzip file",
      found: `${path} (${cause.message})`,
      fix,
      cause,
    });
  });
}
