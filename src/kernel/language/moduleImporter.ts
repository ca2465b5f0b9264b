import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";

type Import = (specifier: string, options?: ImportCallOptions) => Promise<unknown>;

/** Imports modules for cells, as if each cell were a file in the notebook's directory. */
export class ModuleImporter {
  readonly #directory: string;
  readonly #importFromNotebook: Import;

  constructor(directory: string) {
    this.#directory = directory;
    const script = new Script("(specifier, options) => import(specifier, options)", {
      filename: join(directory, "convoscope-cell.ts"),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.#importFromNotebook = script.runInThisContext() as Import;
  }

  /** What `import()` gives. */
  import(specifier: string, options?: ImportCallOptions): Promise<unknown> {
    return this.#importFromNotebook(specifier, options);
  }

  /** `import.meta` of a cell. */
  meta(filename: string): ImportMeta {
    const url = pathToFileURL(filename).href;
    return { url, filename, dirname: this.#directory } as ImportMeta;
  }
}
