import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

import { upwards } from "./packageFiles.ts";

/** How the cells of a notebook are checked, and which files said so. */
export interface Configuration {
  options: ts.CompilerOptions;
  /** The tsconfig.json and what it extends; a change of one of them changes the options. */
  files: string[];
}

/**
 * What a cell is checked by when no tsconfig.json says otherwise. `strict` finds the errors that matter, a value that may be
 * undefined above all. Two of its rules are left out because they ask for annotations that say nothing in a notebook:
 * the parameters of small functions, and what a `catch` catches.
 */
const defaults: ts.CompilerOptions = {
  strict: true,
  noImplicitAny: false,
  useUnknownInCatchVariables: false,
  // The kernel runs in Node.js, which has no `document`; what it shares with browsers comes with Node's own types.
  lib: ["lib.esnext.d.ts"],
  types: [],
  allowJs: true,
};

/** How cells are run, and what our own lines around them need; a tsconfig.json cannot change it. */
const ours: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noEmit: true,
  skipLibCheck: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  allowSyntheticDefaultImports: true,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: false,
  isolatedModules: false,
  isolatedDeclarations: false,
  composite: false,
  incremental: false,
  declaration: false,
  checkJs: false,
  noLib: false,
};

/** The options for cells of a notebook in `directory`, with those of the nearest tsconfig.json at or above it. */
export function readConfiguration(directory: string): Configuration {
  const file = upwards(directory)
    .map((above) => join(above, "tsconfig.json"))
    .find((path) => existsSync(path));
  if (file === undefined) return { options: { ...defaults, ...ours }, files: [] };

  const source = ts.readJsonConfigFile(file, (path) => ts.sys.readFile(path));
  // Which files it includes is not asked: a notebook imports what it needs.
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonSourceFileConfigFileContent(source, host, dirname(file), undefined, file);
  return {
    options: { ...defaults, ...options, ...ours },
    files: [file, ...(source.extendedSourceFiles ?? [])],
  };
}
