import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { MimeBundle } from "../../../../src/jupyter/mimeBundle.ts";
import type { CompletionMatch } from "../../../../src/kernel/core/interpreter.ts";
import type { TypedCompletion } from "../../../../src/kernel/language/checker/complete.ts";
import type { Diagnostic } from "../../../../src/kernel/language/checker/diagnostic.ts";
import { TypeService, type TypeServiceOptions } from "../../../../src/kernel/language/checker/typeService.ts";

const directories: string[] = [];
after(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** A directory with these files, which goes when the tests are done. */
export function directoryWith(files: Record<string, string> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "convoscope-"));
  directories.push(directory);
  writeFiles(directory, files);
  return directory;
}

export function writeFiles(directory: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

/** A session whose cells have the numbers 1, 2, 3 …, and whose cursor is written as `|`. */
export class Session {
  readonly directory: string;
  readonly service: TypeService;
  #count = 0;

  constructor(files: Record<string, string> = {}, options: Partial<TypeServiceOptions> = {}) {
    this.directory = directoryWith(files);
    this.service = new TypeService({ directory: this.directory, ...options });
  }

  run(code: string): Diagnostic[] {
    const id = ++this.#count;
    this.service.add({ id, code });
    return this.service.diagnose(id);
  }

  /** The codes and the places of what is wrong, as in `TS2322 at x`. */
  errors(code: string): string[] {
    return this.run(code).map(
      ({ code: number, start, length }) => `TS${number} at ${code.slice(start, start + length)}`,
    );
  }

  complete(code: string): TypedCompletion {
    return this.service.complete(...cursor(code));
  }

  names(code: string): string[] {
    return this.complete(code).matches.map(({ text }) => text);
  }

  match(code: string, name: string): CompletionMatch | undefined {
    return this.complete(code).matches.find(({ text }) => text === name);
  }

  inspect(code: string, detail: 0 | 1 = 0): MimeBundle | undefined {
    return this.service.inspect(...cursor(code), detail).bundle;
  }

  /** The expression whose value is to be asked, because its type says nothing. */
  untyped(code: string): string | undefined {
    return this.service.inspect(...cursor(code), 0).untyped;
  }

  markdown(code: string, detail: 0 | 1 = 0): string {
    return String(this.inspect(code, detail)?.data["text/markdown"]);
  }
}

function cursor(code: string): [code: string, offset: number] {
  return [code.replace("|", ""), code.indexOf("|")];
}
