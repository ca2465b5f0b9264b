import { readFile } from "node:fs/promises";
import { atomicWriteFile } from "../atomicWrite.ts";
import { InputError } from "../errors.ts";
import { formatNotebook } from "./formatNotebook.ts";
import type { Notebook } from "./nbformat.ts";
import { parseNotebook } from "./parseNotebook.ts";

const reasons: Record<string, string> = {
  ENOENT: "none of that name",
  ENOTDIR: "none of that name",
  EISDIR: "a directory",
  EACCES: "one that may not be read",
};

/**
 * Reads a notebook from an .ipynb file of nbformat 4.
 *
 * ```ts
 * const notebook = await readNotebook("notebooks/03-shapes.ipynb");
 * notebook.cells.length;
 * ```
 *
 * @throws InputError when there is no such file, or it is no notebook
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const found = reasons[cause.code ?? ""] ?? cause.message;
    throw new InputError({ who: path, expected: "a notebook file", found, cause });
  });
  return parseNotebook(text, { who: path });
}

/**
 * Writes a notebook as nbformat 4.5; the file is never half-written.
 *
 * @throws InputError when the file system refuses
 */
export async function writeNotebook(notebook: Notebook, path: string): Promise<void> {
  await atomicWriteFile(path, formatNotebook(notebook));
}
