import { InputError } from "../../../errors.ts";
import type { ArchiveEntry } from "./entry.ts";
import { readBytes } from "./readBytes.ts";

const block = 512;

const text = (header: Buffer, start: number, length: number) =>
  header.toString("utf8", start, start + length).replace(/\0.*$/s, "");

/** The sum of a header's bytes, its own place counted as blanks. */
function isHeader(header: Buffer): boolean {
  let sum = 8 * 0x20;
  for (let i = 0; i < block; i++) if (i < 148 || i >= 156) sum += header[i]!;
  return sum === Number.parseInt(text(header, 148, 8), 8);
}

/** The path that a pax header gives for the entry after it. */
function paxPath(data: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data.toString("utf8"))?.[1];
}

/**
 * The files of a tar archive (POSIX ustar and pax, GNU's long names), gzipped or not.
 *
 * @throws InputError when it is none, or cut short
 */
export async function* readTar(path: string, who: string): AsyncGenerator<ArchiveEntry> {
  const bytes = await readBytes(path, who);
  let longName: string | undefined;
  // A block of zeros ends an archive: where there is none, something is missing.
  for (let at = 0; bytes[at] !== 0;) {
    const header = bytes.subarray(at, at + block);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const data = bytes.subarray(at + block, at + block + size);
    if (header.length < block || !isHeader(header) || data.length !== size) {
      const fix = "remove it and get it again";
      throw new InputError({ who, expected: "a whole tar archive", found: path, fix });
    }
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156]!);
    if (type === "L") longName = text(data, 0, size);
    else if (type === "x") longName = paxPath(data) ?? longName;
    else if (type !== "g") {
      const prefix = text(header, 345, 155);
      const name = longName ?? (prefix === "" ? "" : `${prefix}/`) + text(header, 0, 100);
      longName = undefined;
      if (type === "0" || type === "\0") yield { name, data };
    }
  }
}
