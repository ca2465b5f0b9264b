import { existsSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";
import type * as Resolver from "import-meta-resolve";

import { findAlias, findLocalModule, versionedUrl } from "./localModule.ts";
import type { HookData } from "./moduleHooks.ts";
import { runtimeOptionsOf } from "./tsconfig.ts";

type Import = (specifier: string, options?: ImportCallOptions) => Promise<unknown>;

export interface ImporterOptions {
  /** Modules to give in the place of others, as URLs by the name that is imported. Default: none. */
  overrides?: Record<string, string>;
}

/** Imports modules for cells, as if each cell were a file in the notebook's directory. */
export class ModuleImporter {
  /** What CommonJS calls `require`, for a file in the notebook's directory. */
  readonly require: NodeJS.Require;
  readonly #directory: string;
  readonly #overrides: Record<string, string>;
  readonly #importFromNotebook: Import;
  #hooks: Promise<void> | undefined;
  #resolver: typeof Resolver | undefined;

  constructor(directory: string, { overrides = {} }: ImporterOptions = {}) {
    this.#directory = directory;
    this.#overrides = overrides;
    this.require = createRequire(join(directory, "convoscope-cell.js"));
    const script = new Script("(specifier, options) => import(specifier, options)", {
      filename: join(directory, "convoscope-cell.ts"),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.#importFromNotebook = script.runInThisContext() as Import;
  }

  /** What `import()` gives; a local file that has changed since is loaded anew. */
  async import(specifier: string, options?: ImportCallOptions): Promise<unknown> {
    if (Object.hasOwn(this.#overrides, specifier)) return importFromKernel(this.#overrides[specifier]!);
    const file = this.#localFile(specifier);
    if (file !== undefined) {
      if (findLocalModule(file) === undefined) throw new Error(`Cannot find module ${file}`);
      return this.#importLocal(file, options);
    }
    return isPackage(specifier)
      ? this.#importPackage(specifier, options)
      : this.#importFromNotebook(specifier, options);
  }

  /** `import.meta` of a cell. Its `resolve` needs what {@link prepareMeta} loads. */
  meta(filename: string): ImportMeta {
    const url = pathToFileURL(filename).href;
    return { url, filename, dirname: this.#directory, resolve: (specifier) => this.#resolve(specifier) };
  }

  /** Loads what only few cells ask for. */
  async prepareMeta(): Promise<void> {
    this.#resolver ??= await import("import-meta-resolve");
  }

  /** The URL of what `import()` would load. */
  #resolve(specifier: string): string {
    if (Object.hasOwn(this.#overrides, specifier)) return this.#overrides[specifier]!;
    const file = this.#localFile(specifier);
    if (file !== undefined) return pathToFileURL(file).href;
    const ownPackage = isPackage(specifier) && !this.#isInstalled(packageName(specifier));
    const parent = ownPackage
      ? import.meta.url
      : pathToFileURL(join(this.#directory, "convoscope-cell.ts")).href;
    return this.#resolver!.resolve(specifier, parent);
  }

  /** The local file that a specifier means, there or not; undefined for packages and Node's own modules. */
  #localFile(specifier: string): string | undefined {
    const path = localPath(specifier, this.#directory);
    if (path !== undefined) return findLocalModule(path) ?? path;
    return isBuiltin(specifier) ? undefined : findAlias(specifier, runtimeOptionsOf(this.#directory));
  }

  async #importLocal(file: string, options?: ImportCallOptions): Promise<unknown> {
    await (this.#hooks ??= registerHooks({ overrides: this.#overrides }));
    // TypeScript imports JSON without saying that it is.
    const json = extname(file) === ".json" ? { with: { type: "json" } } : options;
    return this.#importFromNotebook(versionedUrl(file), json);
  }

  /** What the notebook's directory does not have may be this package itself, come with it, or be the notebook's own package. */
  async #importPackage(specifier: string, options?: ImportCallOptions): Promise<unknown> {
    const name = packageName(specifier);
    const ways = this.#isInstalled(name)
      ? [this.#importFromNotebook]
      : [importFromKernel, this.#importFromNotebook];
    for (const importFrom of ways) {
      try {
        return await importFrom(specifier, options);
      } catch (error) {
        if (!isMissing(error, name)) throw error;
      }
    }
    throw new Error(`Cannot find package "${name}"; install it beside the notebook: npm install ${name}`);
  }

  /** Whether a package lies in a `node_modules` at or above the notebook. */
  #isInstalled(name: string): boolean {
    for (let directory = this.#directory; ; directory = dirname(directory)) {
      if (existsSync(join(directory, "node_modules", name))) return true;
      if (directory === dirname(directory)) return false;
    }
  }
}

/** Imports as this very file does: this package by its own name, and what it depends on. */
const importFromKernel: Import = (specifier, options) => import(specifier, options) as Promise<unknown>;

/** Whether an import failed because this package is not there. It may be there and miss another. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" && message.includes(`package '${name}'`);
}

async function registerHooks(data: HookData): Promise<void> {
  const { register } = await import("node:module");
  register(new URL(`./moduleHooks${extname(import.meta.url)}`, import.meta.url), { data });
}

/** The path of a local module; undefined for packages and Node's own modules. */
function localPath(specifier: string, directory: string): string | undefined {
  if (specifier.startsWith("file:")) return fileURLToPath(specifier);
  if (isAbsolute(specifier)) return specifier;
  return /^\.\.?(\/|$)/.test(specifier) ? join(directory, specifier) : undefined;
}

/** Whether a specifier names a package, and not one of Node's own, a URL, a path or an entry of package.json's `imports`. */
function isPackage(specifier: string): boolean {
  return !isBuiltin(specifier) && !/^([a-z][a-z0-9+.-]*:|[./#])/i.test(specifier);
}

function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
