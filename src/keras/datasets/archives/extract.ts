import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeDirectory } from "../../../atomicWrite.ts";
import { InputError } from "../../../errors.ts";
import type { ArchiveEntry } from "./entry.ts";

/**
 * Writes the files of an archive below `directory`, which is there when all of them are, and never before. Does nothing where
 * it is there already.
 *
 * @throws InputError for a file that would lie elsewhere; what the file system says otherwise
 */
export async function extract(
  entries: AsyncIterable<ArchiveEntry>,
  directory: string,
  { who, signal }: { who: string; signal?: AbortSignal | undefined },
): Promise<void> {
  if (existsSync(directory)) return;
  const temporary = join(dirname(directory), `.${basename(directory)}.${randomUUID().slice(0, 8)}`);
  const made = new Set<string>();
  try {
    await makeDirectory(temporary);
    for await (const { name, data } of entries) {
      signal?.throwIfAborted();
      if (name.startsWith("/") || name.split(/[/\\]/).includes("..")) {
        throw new InputError({ who, expected: "an archive of files below one directory", found: name });
      }
      const path = join(temporary, name);
      if (!made.has(dirname(path))) await mkdir(dirname(path), { recursive: true });
      made.add(dirname(path));
      await writeFile(path, data);
    }
    // Another process may have been faster.
    await rename(temporary, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
