import { isAbsolute, join } from "node:path";
import ts from "typescript";

import { packageRoot } from "../../../package.ts";
import { isInPackage, packageModule, upwards } from "./packageFiles.ts";

/** Modules of this package that cells import by a name of their own, whatever is installed. */
const ownModules: Record<string, string> = { convoscope: "index", tslab: "jupyter/shims/tslab" };

export const ownModuleNames: readonly string[] = Object.keys(ownModules);

/** Stands for this package when something is looked for on its behalf. */
const ourselves = join(packageRoot, "convoscope-kernel.ts");

export interface ResolverOptions {
  options: ts.CompilerOptions;
  host: ts.ModuleResolutionHost;
  directory: string;
  isCell: (file: string) => boolean;
}

/** Finds modules as the kernel's importer does: from the notebook's directory, else among what came with the kernel. */
export class ModuleResolver {
  readonly #options: ts.CompilerOptions;
  readonly #host: ts.ModuleResolutionHost;
  readonly #isCell: (file: string) => boolean;
  readonly #found = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
  /** What local files import and was not there, by file. */
  readonly #missing = new Map<string, Set<string>>();
  /** What is known of packages. */
  readonly cache: ts.ModuleResolutionCache;
  /** Node's own types: the notebook's, else ours. */
  readonly nodeTypes: string | undefined;

  constructor({ options, host, directory, isCell }: ResolverOptions) {
    this.#options = options;
    this.#host = host;
    this.#isCell = isCell;
    const canonical = (name: string): string =>
      ts.sys.useCaseSensitiveFileNames ? name : name.toLowerCase();
    this.cache = ts.createModuleResolutionCache(directory, canonical, options);
    this.nodeTypes = [...upwards(directory), ...upwards(packageRoot)]
      .map((above) => join(above, "node_modules/@types/node/index.d.ts"))
      .find((path) => ts.sys.fileExists(path));
  }

  resolve(specifier: string, from: string): ts.ResolvedModuleWithFailedLookupLocations {
    // Cells lie side by side, so what one of them has found is found for all.
    const key = `${this.#isCell(from) ? "" : from}\0${specifier}`;
    let found = this.#found.get(key);
    if (found === undefined) {
      found = this.#find(specifier, from);
      const mayAppear = found.resolvedModule === undefined && isPath(specifier) && !isInPackage(from);
      if (mayAppear) this.#missing.set(from, (this.#missing.get(from) ?? new Set()).add(specifier));
      else this.#found.set(key, found);
    }
    return found;
  }

  resolveTypes(name: string, from: string): ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations {
    if (name === "node" && this.nodeTypes !== undefined) {
      return { resolvedTypeReferenceDirective: { primary: true, resolvedFileName: this.nodeTypes } };
    }
    return ts.resolveTypeReferenceDirective(name, from, this.#options, this.#host);
  }

  /** The local files that import another which was not there and is there now; each is named once. */
  takeAppeared(): Set<string> {
    const files = [...this.#missing].filter(([from, specifiers]) =>
      [...specifiers].some((specifier) => this.#find(specifier, from).resolvedModule !== undefined),
    );
    for (const [from] of files) this.#missing.delete(from);
    return new Set(files.map(([from]) => from));
  }

  #find(specifier: string, from: string): ts.ResolvedModuleWithFailedLookupLocations {
    const found = this.#findFrom(specifier, from);
    if (found.resolvedModule !== undefined || !this.#isCell(from)) return found;
    const own = ownModules[specifier];
    if (own !== undefined && this.#host.fileExists(packageModule(own))) return at(packageModule(own));
    return isPath(specifier) ? found : this.#findFrom(specifier, ourselves);
  }

  #findFrom(specifier: string, from: string): ts.ResolvedModuleWithFailedLookupLocations {
    // The cache keeps failures for good, which is right for packages alone.
    const cache = isInPackage(from) ? this.cache : undefined;
    return ts.resolveModuleName(specifier, from, this.#options, this.#host, cache);
  }
}

function isPath(specifier: string): boolean {
  return specifier.startsWith(".") || isAbsolute(specifier);
}

function at(path: string): ts.ResolvedModuleWithFailedLookupLocations {
  const extension = path.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts;
  return { resolvedModule: { resolvedFileName: path, extension, isExternalLibraryImport: false } };
}
