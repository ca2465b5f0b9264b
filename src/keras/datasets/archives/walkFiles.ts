import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "./entry.ts";

/** The files of a directory and those below, as if it were an archive. */
export async function* walkFiles(directory: string, prefix = ""): AsyncGenerator<ArchiveEntry> {
  for (const entry of await readdir(join(directory, prefix), { withFileTypes: true })) {
    const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* walkFiles(directory, name);
    else if (entry.isFile()) yield { name, data: await readFile(join(directory, name)) };
  }
}
