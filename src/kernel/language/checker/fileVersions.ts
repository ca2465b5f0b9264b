import { statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

import { isInPackage, upwards } from "./packageFiles.ts";

interface KnownFile {
  version: string;
  snapshot: ts.IScriptSnapshot | undefined;
}

/** The texts of files on the disk, read once for each version of them. */
export class FileVersions {
  readonly #files = new Map<string, KnownFile>();

  version(path: string): string {
    return this.#get(path).version;
  }

  snapshot(path: string): ts.IScriptSnapshot | undefined {
    const file = this.#get(path);
    if (file.snapshot === undefined) {
      const text = ts.sys.readFile(path);
      if (text !== undefined) file.snapshot = ts.ScriptSnapshot.fromString(text);
    }
    return file.snapshot;
  }

  /**
   * Looks which files beside the notebook have changed; true when one has. Packages change only when something is installed:
   * then all is looked at anew.
   */
  refresh({ packages }: { packages: boolean }): boolean {
    let changed = false;
    for (const [path, { version }] of this.#files) {
      if (!packages && isInPackage(path)) continue;
      if (stampOf(path) === version) continue;
      this.#files.delete(path);
      changed = true;
    }
    return changed;
  }

  #get(path: string): KnownFile {
    let file = this.#files.get(path);
    if (file === undefined) this.#files.set(path, (file = { version: stampOf(path), snapshot: undefined }));
    return file;
  }
}

/** A word that changes when one of the files or directories does. */
export function stampOf(...paths: string[]): string {
  return paths
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? "-" : `${stat.mtimeMs}:${stat.size}`))
    .join(" ");
}

/** What changes when something is installed for a notebook or its TypeScript is configured anew. */
export function environmentFiles(directory: string): string[] {
  return upwards(directory).flatMap((above) =>
    ["tsconfig.json", "package.json", "node_modules", "node_modules/.package-lock.json"].map((name) =>
      join(above, name),
    ),
  );
}
