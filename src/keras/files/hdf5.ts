import { truncateSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { File, Group } from "h5wasm/node";
import { writeBeside } from "../../atomicWrite.ts";
import { InputError } from "../../errors.ts";

/** Longest list of strings that fits into one attribute's header, in bytes; Keras cuts longer ones into pieces. */
const attributeLimit = 64512;

/** HDF5's library, loaded when the first file is opened: it takes some time. Its errors become exceptions. */
async function loadLibrary(): Promise<typeof import("h5wasm/node")> {
  const library = await import("h5wasm/node");
  const module = (await library.ready) as { activate_throwing_error_handler?: () => void };
  module.activate_throwing_error_handler?.();
  return library;
}

/** Where a superblock of each version says how long the file is. */
const endOfFile: Record<number, number> = { 0: 40, 1: 44, 2: 28, 3: 28 };

/** Looks at the first bytes, so that the common accidents (not HDF5, cut short) are named and not found deep in the library. */
async function checkFile(path: string, who: string): Promise<void> {
  const expected = "a Keras HDF5 file";
  const length = (await stat(path).catch(() => undefined))?.size;
  if (length === undefined) throw new InputError({ who, expected, found: `no such file: ${path}` });
  const file = await open(path).catch((cause: unknown) => {
    throw new InputError({ who, expected, found: `${path}, which cannot be read`, cause });
  });
  try {
    const head = Buffer.alloc(56);
    const { bytesRead } = await file.read(head, 0, 56, 0).catch(() => ({ bytesRead: 0 }));
    if (bytesRead < 56 || head.toString("latin1", 0, 8) !== "\x89HDF\r\n\x1a\n") {
      throw new InputError({ who, expected, found: `${path}, which is not HDF5` });
    }
    const place = endOfFile[head[8]!];
    const whole = place === undefined ? 0n : head.readBigUInt64LE(place);
    if (whole > BigInt(length)) {
      const found = `${path}, cut short: ${length} of ${whole} bytes`;
      throw new InputError({ who, expected, found, fix: "copy or download it again" });
    }
  } finally {
    await file.close();
  }
}

/**
 * Opens an HDF5 file for as long as `use` runs.
 *
 * @throws InputError when there is no such file, or when it is not HDF5, cut short or damaged
 */
export async function readHdf5<T>(
  path: string,
  who: string,
  use: (file: File) => T | Promise<T>,
): Promise<T> {
  await checkFile(path, who);
  const { File } = await loadLibrary();
  let file: File | undefined;
  try {
    file = new File(path, "r");
    return await use(file);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const reason = message.startsWith("HDF5-DIAG") ? "damaged" : message.split("\n", 1)[0]!;
    throw new InputError({ who, expected: "a Keras HDF5 file", found: `${path} (${reason})`, cause });
  } finally {
    file?.close();
  }
}

/** HDF5's report as one line: what the system said, where it said something. */
function writeFailure(path: string, cause: unknown): InputError {
  const report = String(cause);
  const found = /error message = '([^']+)'/.exec(report)?.[1] ?? "a failure of the HDF5 library";
  const fix = "free space or choose another path";
  return new InputError({ who: "write", expected: `a place for ${path}`, found, fix, cause });
}

/**
 * Writes an HDF5 file beside `path` and renames it when it is complete.
 *
 * @throws InputError when the disk is full, or when there may not be written
 */
export async function writeHdf5(path: string, fill: (file: File) => void | Promise<void>): Promise<void> {
  const { File } = await loadLibrary();
  await writeBeside(path, async (temporary) => {
    let file: File | undefined;
    try {
      file = new File(temporary, "w");
      await fill(file);
      file.flush();
    } catch (cause) {
      giveUp(temporary, file);
      if (cause instanceof InputError) throw cause;
      throw writeFailure(path, cause);
    }
    file.close();
  });
}

/** Frees the room that an unfinished file takes first: on a full disk the library could not close it otherwise. */
function giveUp(path: string, file: File | undefined): void {
  if (file === undefined) return;
  truncateSync(path);
  try {
    file.close();
  } catch {
    // The failure that led here is the one to report.
  }
}

/** A group below `parent`, which is made where it is missing, as are those on the way. */
export function makeGroup(parent: Group, path: string): Group {
  let group = parent;
  for (const name of path.split("/")) {
    group = group.keys().includes(name) ? (group.get(name) as Group) : group.create_group(name);
  }
  return group;
}

/** A group below `parent`. */
export function groupAt(parent: Group, path: string, who: string): Group {
  const found = findGroup(parent, path);
  if (found === undefined)
    throw new InputError({ who, expected: `group "${path}" in the file`, found: "none" });
  return found;
}

/** A group below `parent`, if there is one. */
export function findGroup(parent: Group, path: string): Group | undefined {
  let group = parent;
  for (const name of path.split("/")) {
    if (!group.keys().includes(name)) return undefined;
    group = group.get(name) as Group;
  }
  return group;
}

/** A text attribute, if there is one. */
export function readText(group: Group, name: string): string | undefined {
  const value = group.attrs[name]?.value;
  return typeof value === "string" ? value : undefined;
}

/** A list of strings, which Keras cuts into `name0`, `name1` … when it is long. Empty where there is none. */
export function readStrings(group: Group, name: string): string[] {
  const { attrs } = group;
  const whole = attrs[name];
  if (whole !== undefined) return whole.shape?.[0] === 0 ? [] : (whole.value as string[]);
  const strings: string[] = [];
  for (let piece = 0; attrs[`${name}${piece}`] !== undefined; piece++) {
    strings.push(...(attrs[`${name}${piece}`]!.value as string[]));
  }
  return strings;
}

/** Writes a list of strings as Keras does. */
export function writeStrings(group: Group, name: string, strings: string[]): void {
  if (strings.length === 0) {
    group.create_attribute(name, new Float64Array(0), [0], "<d");
    return;
  }
  const width = Math.max(...strings.map((text) => Buffer.byteLength(text)));
  const count = Math.floor(attributeLimit / width);
  if (strings.length <= count) {
    group.create_attribute(name, strings, [strings.length], `S${width}`);
    return;
  }
  for (let piece = 0; piece * count < strings.length; piece++) {
    const part = strings.slice(piece * count, (piece + 1) * count);
    group.create_attribute(`${name}${piece}`, part, [part.length], `S${width}`);
  }
}
