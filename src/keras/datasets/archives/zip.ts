import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, createInflateRaw, inflateRaw } from "node:zlib";
import { InputError } from "../../../errors.ts";
import type { ArchiveEntry } from "./entry.ts";

const inflate = promisify(inflateRaw);

/** A file in a ZIP archive, read when it is asked for. */
interface ZipEntry {
  name: string;
  read: () => Promise<Uint8Array>;
  /** The content in pieces, each while the next one is unpacked on another thread; the checksum is compared after the last one. */
  readChunks: () => AsyncGenerator<Uint8Array, void, undefined>;
}

/** The size of pieces: large enough that calls do not count, small enough that their memory is used again. */
const chunkSize = 2 ** 18;

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
/** The end of the archive and the longest comment after it. */
const longestEnd = 22 + 0xffff;

function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - longestEnd); at--) {
    if (bytes.readUInt32LE(at) === endSignature) return at;
  }
  return -1;
}

/**
 * Lists the files of a ZIP archive (APPNOTE.TXT of PKWARE); those that are stored or deflated can be read.
 *
 * @throws InputError when it is none, or cut short; reading an entry throws one when its checksum is wrong
 */
export async function openZip(path: string, who: string): Promise<ZipEntry[]> {
  const bytes = await readFile(path);
  const damaged = (cause?: unknown) =>
    new InputError({
      who,
      expected: "a whole ZIP archive",
      found: path,
      fix: "remove it and try again",
      cause,
    });
  const end = findEnd(bytes);
  if (end < 0) throw damaged();
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== centralSignature) throw damaged();
    const method = bytes.readUInt16LE(at + 10);
    const checksum = bytes.readUInt32LE(at + 16);
    const packed = bytes.readUInt32LE(at + 20);
    const size = bytes.readUInt32LE(at + 24);
    const lengths = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString("utf8", at + 46, at + 46 + lengths[0]!);
    at += 46 + lengths[0]! + lengths[1]! + lengths[2]!;
    const packedBody = () => {
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      return bytes.subarray(start, start + packed);
    };
    entries.push({
      name,
      async *readChunks() {
        const body = packedBody();
        const chunks = method === 0 ? [body] : createInflateRaw({ chunkSize }).end(body);
        let [length, sum] = [0, 0];
        try {
          for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
            length += chunk.length;
            sum = crc32(chunk, sum);
            yield chunk;
          }
        } catch (cause) {
          throw cause instanceof InputError ? cause : damaged(cause);
        }
        if (length !== size || sum !== checksum) throw damaged();
      },
      async read() {
        const body = packedBody();
        const content =
          method === 0
            ? body
            : await inflate(body, { chunkSize: Math.max(size, 64) }).catch((cause: unknown) => {
                throw damaged(cause);
              });
        if (content.length !== size || crc32(content) !== checksum) throw damaged();
        return content;
      },
    });
  }
  return entries;
}

/** All files of a ZIP archive, one after the other. */
export async function* readZip(path: string, who: string): AsyncGenerator<ArchiveEntry> {
  for (const { name, read } of await openZip(path, who)) {
    if (!name.endsWith("/")) yield { name, data: await read() };
  }
}
