import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { access, constants, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeDirectory } from "../../atomicWrite.ts";
import { InputError } from "../../errors.ts";
import { currentHost } from "../../jupyter/host.ts";
import { checksumOf, type Checksum } from "./checksum.ts";
import { discardPart, isFileSystemError, Refusal, transfer } from "./transfer.ts";
import { transferLine } from "./transferLine.ts";

/** What is fetched, and where to. */
export interface FetchOptions {
  /** The directory that keeps the file. */
  directory: string;
  /** Its name there. Default: the last part of the address. */
  name?: string;
  /** The published checksum. Default: none, and any file is taken. */
  hash?: Checksum | undefined;
  /** The function that needs the file, for messages. */
  who: string;
  /** What else the user can do when it cannot be had. Default: nothing. */
  otherwise?: string;
  /** Stops the download; what has arrived is kept. Default: the notebook's stop button. */
  signal?: AbortSignal | undefined;
}

const fileReasons: Record<string, string> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "a read-only file system",
  ENOTDIR: "a file where a directory should be",
  EEXIST: "a file where a directory should be",
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Takes the right to write the unfinished file that later attempts go on with. Whoever comes while another downloads the
 * same file writes one of their own.
 */
async function takePart(path: string): Promise<{ part: string; release: () => Promise<void> }> {
  const lock = `${path}.part.lock`;
  for (const again of [true, false]) {
    try {
      const file = await open(lock, "wx");
      await file.writeFile(String(process.pid));
      await file.close();
      return { part: `${path}.part`, release: () => rm(lock, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = Number(await readFile(lock, "utf8").catch(() => "0"));
      if (!again || isAlive(owner)) break;
      await rm(lock, { force: true });
    }
  }
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  return { part, release: () => discardPart(part) };
}

async function download(
  url: string,
  path: string,
  options: FetchOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { hash, who } = options;
  const line = transferLine(basename(path), url);
  const { part, release } = await takePart(path);
  try {
    for (let resumed = existsSync(part); ; resumed = false) {
      await transfer(url, part, {
        checkedLater: hash !== undefined,
        signal,
        progress: (done, total) => line.update(done, total),
      });
      const found = hash === undefined ? undefined : await checksumOf(part, hash, signal);
      if (found === hash) break;
      await discardPart(part);
      // The beginning may have been another version's.
      if (resumed) continue;
      const fix = "try again later, or tell whoever publishes it";
      throw new InputError({ who, expected: `${url} with checksum ${hash}`, found: found!, fix });
    }
    const { size } = await stat(part);
    await rename(part, path);
    await rm(`${part}.version`, { force: true });
    line.end(size);
  } catch (error) {
    line.leave();
    throw error;
  } finally {
    await release();
  }
}

/** What a failed `fetch` says, in words: its own message is always the same, the cause tells. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } };
  return cause === undefined ? message : ((cause.message || cause.code) ?? message);
}

function describeFailure(
  error: unknown,
  url: string,
  path: string,
  { who, directory, otherwise }: FetchOptions,
): unknown {
  if (error instanceof InputError || (error as Error).name === "AbortError") return error;
  if (isFileSystemError(error)) {
    const found = fileReasons[error.code ?? ""] ?? error.message;
    const fix = "set KERAS_HOME to a directory that may be written";
    return new InputError({
      who,
      expected: `a place for downloads in ${directory}`,
      found,
      fix,
      cause: error,
    });
  }
  const kept =
    error instanceof Refusal || !existsSync(`${path}.part`)
      ? ""
      : "run it again to go on where it stopped, or ";
  const or = otherwise === undefined ? "" : `, or ${otherwise}`;
  const fix = `${kept}get it in another way and save it as ${path}${or}`;
  return new InputError({
    who,
    expected: `a download from ${url}`,
    found: reasonOf(error),
    fix,
    cause: error,
  });
}

/**
 * The path of a published file: in the directory that keeps it, where it is downloaded to if it is missing there or is not the
 * published one. Progress is shown, a broken download is taken up again, now or the next time, and the file appears under
 * its name when it is complete and its checksum is right, never before.
 *
 * @throws InputError saying what to do when it cannot be had; the signal's reason when it is stopped
 */
export async function fetchFile(url: string, options: FetchOptions): Promise<string> {
  const { directory, name = basename(new URL(url).pathname), hash } = options;
  const signal = options.signal ?? currentHost().signal;
  signal?.throwIfAborted();
  const path = join(directory, name);
  if (existsSync(path)) {
    if (hash === undefined || (await checksumOf(path, hash, signal)) === hash) return path;
    process.stdout.write(`${path} is not the published file: downloading it anew\n`);
  }
  try {
    await makeDirectory(directory);
    await access(directory, constants.W_OK);
    await download(url, path, options, signal);
  } catch (error) {
    throw describeFailure(error, url, path, options);
  }
  return path;
}
