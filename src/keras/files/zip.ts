import { createReadStream } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { Readable, pipeline } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { InputError } from "../../errors.ts";

/** Signatures, sizes of headers and the mark "look into the 64-bit field" of the format (PKWARE's APPNOTE 6.3). */
const local = { signature: 0x04034b50, size: 30 };
const central = { signature: 0x02014b50, size: 46 };
const end = { signature: 0x06054b50, size: 22 };
const locator64 = { signature: 0x07064b50, size: 20 };
const in64 = 0xffffffff;

const chunkSize = 1 << 20;

/** A file in an archive. */
export interface ZipMember {
  name: string;
  /** Length when unpacked, in bytes. */
  size: number;
  /** All of it. */
  read(): Promise<Buffer>;
  /** Writes it to a file. */
  extract(path: string): Promise<void>;
}

interface Entry {
  name: string;
  method: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
}

const damaged = (who: string, path: string, cause?: unknown) =>
  new InputError({
    who,
    expected: "a whole zip archive",
    found: `${path}, cut short or damaged`,
    fix: "copy or download it again",
    cause,
  });

/**
 * The files of a zip archive by name, stored or deflated. What is read is compared with its checksum.
 *
 * @throws InputError when there is no such file, or when it is no archive, cut short or damaged
 */
export async function readZip(path: string, who: string): Promise<Map<string, ZipMember>> {
  const length = (await stat(path).catch(() => undefined))?.size;
  if (length === undefined) {
    throw new InputError({ who, expected: "a zip archive", found: `no such file: ${path}` });
  }
  const file = await open(path).catch((cause: unknown) => {
    throw new InputError({ who, expected: "a zip archive", found: `${path}, which cannot be read`, cause });
  });
  try {
    const entries = await readDirectory(file, length, who, path);
    return new Map(entries.map((entry) => [entry.name, memberOf(path, entry, who)]));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(who, path, error);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** The list of files at the archive's end, which a comment of up to 65,535 bytes may follow. */
async function readDirectory(file: FileHandle, length: number, who: string, path: string): Promise<Entry[]> {
  const tailLength = Math.min(length, end.size + 0xffff + locator64.size);
  const tail = await readAt(file, length - tailLength, tailLength);
  let at = tail.length - end.size;
  while (at >= 0 && tail.readUInt32LE(at) !== end.signature) at--;
  if (at < 0) {
    const head = await readAt(file, 0, 4);
    if (head.length === 4 && head.readUInt32LE(0) === local.signature) throw damaged(who, path);
    throw new InputError({ who, expected: "a zip archive", found: `${path}, which is none` });
  }
  let [size, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  const before = at - locator64.size;
  if (before >= 0 && tail.readUInt32LE(before) === locator64.signature) {
    const record = await readAt(file, Number(tail.readBigUInt64LE(before + 8)), 56);
    [size, offset] = [Number(record.readBigUInt64LE(40)), Number(record.readBigUInt64LE(48))];
  }
  const directory = await readAt(file, offset, size);
  const entries: Entry[] = [];
  for (let place = 0; place < size;) {
    const [entry, next] = readEntry(directory, place);
    if (entry.offset + local.size + entry.packed > length) throw damaged(who, path);
    entries.push(entry);
    place = next;
  }
  return entries;
}

function readEntry(directory: Buffer, at: number): [entry: Entry, next: number] {
  if (directory.readUInt32LE(at) !== central.signature) throw new Error("no entry of the directory");
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
    directory.readUInt16LE(at + field),
  ) as [number, number, number];
  const nameEnd = at + central.size + nameLength;
  const extraEnd = nameEnd + extraLength;
  const entry = {
    name: directory.toString("utf8", at + central.size, nameEnd),
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    packed: directory.readUInt32LE(at + 20),
    size: directory.readUInt32LE(at + 24),
    offset: directory.readUInt32LE(at + 42),
  };
  for (let field = nameEnd; field + 4 <= extraEnd; field += 4 + directory.readUInt16LE(field + 2)) {
    if (directory.readUInt16LE(field) !== 1) continue;
    // The 64-bit values of those that did not fit into 32, in this order.
    let value = field + 4;
    for (const key of ["size", "packed", "offset"] as const) {
      if (entry[key] !== in64) continue;
      entry[key] = Number(directory.readBigUInt64LE(value));
      value += 8;
    }
  }
  return [entry, extraEnd + commentLength];
}

function memberOf(path: string, entry: Entry, who: string): ZipMember {
  async function unpack(take: (chunk: Buffer) => void | Promise<void>): Promise<void> {
    let [crc, size] = [0, 0];
    try {
      for await (const chunk of await unpacked(path, entry)) {
        crc = crc32(chunk, crc);
        size += chunk.length;
        if (size > entry.size) break;
        await take(chunk);
      }
    } catch (error) {
      // What zlib does not understand is damaged; what the system refuses to write is not.
      throw String((error as NodeJS.ErrnoException).code).startsWith("Z_")
        ? damaged(who, path, error)
        : error;
    }
    if (size !== entry.size || crc !== entry.crc) throw damaged(who, `${entry.name} in ${path}`);
  }
  return {
    name: entry.name,
    size: entry.size,
    async read() {
      const chunks: Buffer[] = [];
      await unpack((chunk) => void chunks.push(chunk));
      return Buffer.concat(chunks);
    },
    async extract(target) {
      const file = await open(target, "w");
      try {
        await unpack(async (chunk) => void (await file.write(chunk)));
      } finally {
        await file.close();
      }
    },
  };
}

async function unpacked(path: string, { offset, packed, method }: Entry): Promise<AsyncIterable<Buffer>> {
  const file = await open(path);
  const header = await readAt(file, offset, local.size).finally(() => file.close());
  const start = offset + local.size + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (packed === 0) return Readable.from([]);
  const source = createReadStream(path, { start, end: start + packed - 1, highWaterMark: chunkSize });
  if (method === 0) return source;
  if (method !== 8) throw new Error(`packed with method ${method}`);
  // The error of either end comes out of the iteration.
  return pipeline(source, createInflateRaw({ chunkSize }), () => undefined);
}

/** What goes into an archive: bytes, or the path of a file. */
export interface ZipContent {
  name: string;
  content: Uint8Array | { path: string };
}

/** Writes an archive of stored, not compressed files, each up to 4 GB: weights do not get smaller. */
export async function writeZip(
  path: string,
  contents: Iterable<ZipContent> | AsyncIterable<ZipContent>,
): Promise<void> {
  const file = await open(path, "w");
  try {
    const entries: Entry[] = [];
    let position = 0;
    for await (const { name, content } of contents) {
      const start = position + local.size + Buffer.byteLength(name);
      let [crc, size] = [0, 0];
      const chunks =
        content instanceof Uint8Array
          ? [content]
          : createReadStream(content.path, { highWaterMark: chunkSize });
      for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
        crc = crc32(chunk, crc);
        await file.write(chunk, 0, chunk.length, start + size);
        size += chunk.length;
      }
      if (start + size >= in64) {
        throw new InputError({ who: "write", expected: "at most 4 GB in an archive", found: path });
      }
      const entry = { name, method: 0, crc, packed: size, size, offset: position };
      const header = headerOf(entry, local);
      await file.write(header, 0, header.length, position);
      entries.push(entry);
      position = start + size;
    }
    const directory = Buffer.concat(entries.map((entry) => headerOf(entry, central)));
    const tail = Buffer.alloc(end.size);
    tail.writeUInt32LE(end.signature, 0);
    tail.writeUInt16LE(entries.length, 8);
    tail.writeUInt16LE(entries.length, 10);
    tail.writeUInt32LE(directory.length, 12);
    tail.writeUInt32LE(position, 16);
    await file.write(Buffer.concat([directory, tail]), 0, directory.length + end.size, position);
  } finally {
    await file.close();
  }
}

/** The header before a file, or its entry in the directory; the latter has one more version and where the file lies. */
function headerOf({ name, crc, size, offset }: Entry, kind: typeof local): Buffer {
  const header = Buffer.alloc(kind.size);
  const shift = kind === central ? 2 : 0;
  header.writeUInt32LE(kind.signature, 0);
  if (kind === central) header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 4 + shift);
  // Names in UTF-8; the first day that the format knows, so that equal models make equal files.
  header.writeUInt16LE(0x0800, 6 + shift);
  header.writeUInt16LE(0x21, 12 + shift);
  header.writeUInt32LE(crc, 14 + shift);
  header.writeUInt32LE(size, 18 + shift);
  header.writeUInt32LE(size, 22 + shift);
  header.writeUInt16LE(Buffer.byteLength(name), 26 + shift);
  if (kind === central) header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, Buffer.from(name)]);
}
