import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "./errors.ts";

const reasons: Record<string, string> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "a read-only file system",
  ENOTDIR: "a file where a directory should be",
  EEXIST: "a file where a directory should be",
  EISDIR: "a directory of that name",
  ENOENT: "a file system that makes no directories",
};

/**
 * Writes a file so that its path never holds half of it: `write` fills a file beside it, which is renamed when it is
 * complete. Missing directories are made. What was there before stays untouched if anything fails.
 *
 * @param path the file to write
 * @param write writes the whole content to the path that it is given
 * @throws InputError when the file system refuses (no space, no permission …)
 */
export async function writeBeside(
  path: string,
  write: (temporary: string) => void | Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}`);
  try {
    await makeDirectory(dirname(path));
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const { code = "" } = error as NodeJS.ErrnoException;
    const reason = reasons[code];
    // Where the directory is there, it is something else that `write` did not find.
    if (reason === undefined || (code === "ENOENT" && existsSync(dirname(path)))) throw error;
    throw new InputError({
      who: "write",
      expected: `a place for ${path}`,
      found: reason,
      fix: "free space or choose another path",
      cause: error,
    });
  }
}

/** Writes `content` to `path` by {@link writeBeside}. */
export async function atomicWriteFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeBeside(path, (temporary) => writeFile(temporary, content));
}

/**
 * Makes a directory and those above it, if they are missing. Node's own recursive way never ends where the system refuses a directory whose parent
 * is there by saying that it is not, as /proc does.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (!existsSync(parent)) await makeDirectory(parent);
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}
