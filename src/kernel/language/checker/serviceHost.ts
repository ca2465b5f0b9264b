import { dirname, join } from "node:path";
import ts from "typescript";

import { cellSpecifier, type CellModule, type CellModules } from "./cellModules.ts";
import { readConfiguration, type Configuration } from "./compilerOptions.ts";
import { environmentFiles, FileVersions, stampOf } from "./fileVersions.ts";
import { ModuleResolver } from "./moduleResolution.ts";
import type { AmbientFile } from "./notebookGlobals.ts";

export interface ServiceHostOptions {
  directory: string;
  cells: CellModules;
  ambient: readonly AmbientFile[];
  isCancelled: () => boolean;
}

/**
 * What TypeScript's language service sees: the files of the disk, the cells that have run, and one file that holds in turn
 * what is being written or checked. Its root files never change, so that it keeps as much as it can from one program to the
 * next.
 */
export class ServiceHost implements ts.LanguageServiceHost {
  readonly draft: string;
  readonly #directory: string;
  readonly #cells: CellModules;
  readonly #virtual = new Map<string, ts.IScriptSnapshot>();
  readonly #ambient: readonly AmbientFile[];
  readonly #isCancelled: () => boolean;
  readonly #disk = new FileVersions();
  #draft = { text: "", version: 0 };
  #version = 0;
  #environment = "";
  #configuration!: Configuration;
  #resolver!: ModuleResolver;
  #appeared = new Set<string>();

  constructor({ directory, cells, ambient, isCancelled }: ServiceHostOptions) {
    this.#directory = directory;
    this.#cells = cells;
    this.#ambient = ambient;
    this.#isCancelled = isCancelled;
    this.draft = join(directory, "convoscope-cell.ts");
    for (const { path, text } of ambient) this.#virtual.set(path, ts.ScriptSnapshot.fromString(text));
    this.refresh();
  }

  /** Puts a text where the service sees it. */
  write(text: string): void {
    if (text === this.#draft.text) return;
    this.#draft = { text, version: this.#draft.version + 1 };
    this.#version++;
  }

  /** Looks whether tsconfig.json, installed packages or local files have changed. */
  refresh(): void {
    const files = [...environmentFiles(this.#directory), ...(this.#configuration?.files ?? [])];
    const environment = stampOf(...files);
    const renewed = environment !== this.#environment;
    const changed = this.#disk.refresh({ packages: renewed });
    if (renewed || changed) this.#configure();
    if (renewed)
      this.#environment = stampOf(...environmentFiles(this.#directory), ...this.#configuration.files);
    this.#appeared = this.#resolver.takeAppeared();
    if (this.#appeared.size > 0) this.#version++;
  }

  #configure(): void {
    this.#version++;
    this.#configuration = readConfiguration(this.#directory);
    this.#resolver = new ModuleResolver({
      options: this.#configuration.options,
      host: this,
      directory: this.#directory,
      isCell: (file) => this.isCell(file),
    });
  }

  /** Whether a file is a cell: one that has run, or the one being written. */
  isCell(path: string): boolean {
    return path === this.draft || this.#cellAt(path) !== undefined;
  }

  #cellAt(path: string): CellModule | undefined {
    if (!path.endsWith(".ts") || dirname(path) !== this.#directory) return undefined;
    const [, id] = /[/\\]convoscope-cell-(\d+)\.ts$/.exec(path) ?? [];
    return id === undefined ? undefined : this.#cells.get(Number(id));
  }

  /** The file of a cell. */
  pathOf(id: number): string {
    return join(this.#directory, `${cellSpecifier(id)}.ts`);
  }

  ambientText(path: string): string | undefined {
    return this.#ambient.find((file) => file.path === path)?.text;
  }

  getCompilationSettings = (): ts.CompilerOptions => this.#configuration.options;
  getProjectVersion = (): string => `${this.#version} ${this.#cells.version}`;
  getCurrentDirectory = (): string => this.#directory;
  getDefaultLibFileName = (options: ts.CompilerOptions): string => ts.getDefaultLibFilePath(options);
  useCaseSensitiveFileNames = (): boolean => ts.sys.useCaseSensitiveFileNames;
  hasInvalidatedResolutions = (path: string): boolean => this.#appeared.has(path);
  getCancellationToken = (): ts.HostCancellationToken => ({ isCancellationRequested: this.#isCancelled });

  getScriptFileNames = (): string[] => {
    const { nodeTypes } = this.#resolver;
    const ambient = this.#ambient.map(({ path }) => path);
    return [...(nodeTypes === undefined ? [] : [nodeTypes]), ...ambient, this.draft];
  };

  getScriptVersion = (path: string): string => {
    if (path === this.draft) return `draft ${this.#draft.version}`;
    if (this.#virtual.has(path)) return "ambient";
    const cell = this.#cellAt(path);
    return cell === undefined ? this.#disk.version(path) : `cell ${cell.version}`;
  };

  getScriptSnapshot = (path: string): ts.IScriptSnapshot | undefined => {
    if (path === this.draft) return ts.ScriptSnapshot.fromString(this.#draft.text);
    const cell = this.#cellAt(path);
    if (cell !== undefined) return ts.ScriptSnapshot.fromString(cell.text);
    return this.#virtual.get(path) ?? this.#disk.snapshot(path);
  };

  fileExists = (path: string): boolean =>
    path === this.draft ||
    this.#virtual.has(path) ||
    this.#cellAt(path) !== undefined ||
    ts.sys.fileExists(path);

  readFile = (path: string): string | undefined => ts.sys.readFile(path);
  directoryExists = (path: string): boolean => ts.sys.directoryExists(path);
  getDirectories = (path: string): string[] => ts.sys.getDirectories(path);
  realpath = (path: string): string => ts.sys.realpath?.(path) ?? path;
  readDirectory = (...args: Parameters<ts.System["readDirectory"]>): string[] =>
    ts.sys.readDirectory(...args);

  /** Without it TypeScript reads the package.json of every file for every program. */
  getModuleResolutionCache = (): ts.ModuleResolutionCache => this.#resolver.cache;

  resolveModuleNameLiterals = (
    literals: readonly ts.StringLiteralLike[],
    from: string,
  ): ts.ResolvedModuleWithFailedLookupLocations[] =>
    literals.map(({ text }) => this.#resolver.resolve(text, from));

  resolveTypeReferenceDirectiveReferences = <T extends ts.FileReference | string>(
    references: readonly T[],
    from: string,
  ): ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations[] =>
    references.map((reference) =>
      this.#resolver.resolveTypes(typeof reference === "string" ? reference : reference.fileName, from),
    );
}
