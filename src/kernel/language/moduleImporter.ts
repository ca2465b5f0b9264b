import { existsSync } from "node:fs";
import { dirname, extname, isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";

import { findLocalModule, versionedUrl } from "./localModule.ts";

type Import = (specifier: string, options?: ImportCallOptions) => Promise<unknown>;

/** Imports modules for cells, as if each cell were a file in the notebook's directory. */
export class ModuleImporter {
  readonly #directory: string;
  readonly #importFromNotebook: Import;
  #hooks: Promise<void> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    const script = new Script("(specifier, options) => import(specifier, options)", {
      filename: join(directory, "convoscope-cell.ts"),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.#importFromNotebook = script.runInThisContext() as Import;
  }

  /** What `import()` gives; a local file that has changed since is loaded anew. */
  async import(specifier: string, options?: ImportCallOptions): Promise<unknown> {
    const path = localPath(specifier, this.#directory);
    if (path !== undefined) return this.#importLocal(path, options);
    // What the notebook's directory does not have may be this package itself or come with it.
    if (isBare(specifier) && !this.#isInstalled(packageName(specifier)))
      return importFromKernel(specifier, options);
    return this.#importFromNotebook(specifier, options);
  }

  /** `import.meta` of a cell. */
  meta(filename: string): ImportMeta {
    const url = pathToFileURL(filename).href;
    return { url, filename, dirname: this.#directory } as ImportMeta;
  }

  async #importLocal(path: string, options?: ImportCallOptions): Promise<unknown> {
    const file = findLocalModule(path);
    if (file === undefined) throw new Error(`Cannot find module ${path}`);
    await (this.#hooks ??= registerHooks());
    // TypeScript imports JSON without saying that it is.
    const json = extname(file) === ".json" ? { with: { type: "json" } } : options;
    return this.#importFromNotebook(versionedUrl(file), json);
  }

  /** Whether a package lies in a `node_modules` at or above the notebook. */
  #isInstalled(name: string): boolean {
    for (let directory = this.#directory; ; directory = dirname(directory)) {
      if (existsSync(join(directory, "node_modules", name))) return true;
      if (directory === dirname(directory)) return false;
    }
  }
}

/** Imports as this very file does: this package by its own name, what it depends on, and Node's own modules. */
function importFromKernel(specifier: string, options: ImportCallOptions | undefined): Promise<unknown> {
  let url: string;
  try {
    url = import.meta.resolve(specifier);
  } catch {
    const name = packageName(specifier);
    throw new Error(`Cannot find package "${name}"; install it beside the notebook: npm install ${name}`);
  }
  return import(url, options) as Promise<unknown>;
}

async function registerHooks(): Promise<void> {
  const { register } = await import("node:module");
  register(new URL(`./moduleHooks${extname(import.meta.url)}`, import.meta.url));
}

/** The path of a local module; undefined for packages and Node's own modules. */
function localPath(specifier: string, directory: string): string | undefined {
  if (specifier.startsWith("file:")) return fileURLToPath(specifier);
  if (isAbsolute(specifier)) return specifier;
  return /^\.\.?(\/|$)/.test(specifier) ? join(directory, specifier) : undefined;
}

/** Whether a specifier names a package, and not a URL, a path or an entry of package.json's `imports`. */
function isBare(specifier: string): boolean {
  return !/^([a-z][a-z0-9+.-]*:|[./#])/i.test(specifier);
}

function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
