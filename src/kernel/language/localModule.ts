import { readFileSync, statSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { TraceMap } from "@jridgewell/trace-mapping";
import { parseSync } from "oxc-parser";

import { CellError } from "./cellError.ts";
import { positionOf, toSource } from "./sourceMap.ts";
import { stripTypes, type StrippedCode } from "./stripTypes.ts";
import { aliasesOf, runtimeOptionsOf, type RuntimeOptions } from "./tsconfig.ts";

/** Files that may be meant by a path without extension, or by the extension that TypeScript's output would have. */
const alternatives: Record<string, string[]> = {
  "": [".ts", ".mts", ".js", ".mjs", "/index.ts", "/index.js"],
  ".js": [".ts"],
  ".mjs": [".mts"],
};

/** The file that a path in an import means; undefined when there is none. */
export function findLocalModule(path: string): string | undefined {
  if (isFile(path)) return path;
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const withExtension = (alternatives[extension] ?? []).map((other) => stem + other);
  const appended = alternatives[""]!.map((other) => path + other);
  return [...withExtension, ...appended].find(isFile);
}

/** The file that a name without a dot means by the `paths` and the `baseUrl` of a tsconfig.json; undefined for packages. */
export function findAlias(specifier: string, options: RuntimeOptions): string | undefined {
  for (const path of aliasesOf(specifier, options)) {
    const file = findLocalModule(path);
    if (file !== undefined) return file;
  }
  return undefined;
}

/**
 * The URL of a file with the time of its last change, or that of any local module it imports, so that Node loads it anew
 * after a change and does not otherwise.
 */
export function versionedUrl(file: string): string {
  const url = pathToFileURL(file);
  url.searchParams.set("v", String(latestChange(file, new Set())));
  return url.href;
}

interface Known {
  changed: number;
  imports: string[];
}

const known = new Map<string, Known>();

function latestChange(file: string, seen: Set<string>): number {
  seen.add(file);
  const changed = statSync(file).mtimeMs;
  let entry = known.get(file);
  if (entry?.changed !== changed) known.set(file, (entry = { changed, imports: localImports(file) }));
  let latest = changed;
  for (const path of entry.imports) {
    const imported = findLocalModule(path);
    if (imported !== undefined && !seen.has(imported))
      latest = Math.max(latest, latestChange(imported, seen));
  }
  return latest;
}

function localImports(file: string): string[] {
  if (!/\.[cm]?[jt]s$/.test(file)) return [];
  const { staticImports, staticExports } = parseSync(file, readFileSync(file, "utf8")).module;
  const specifiers = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest?.value)),
  ];
  const options = runtimeOptionsOf(dirname(file));
  return specifiers
    .filter((specifier) => specifier !== undefined && specifier !== null)
    .flatMap((specifier) =>
      specifier.startsWith(".") ? join(dirname(file), specifier) : (findAlias(specifier, options) ?? []),
    );
}

/**
 * Where a place in a loaded local module is in its file: TypeScript's own lines, and no version behind the name. Undefined
 * for other modules.
 */
export function placeInModule(url: string, line: number, column: number): string | undefined {
  const file = localFileOf(url);
  if (file === undefined || !new URL(url).searchParams.has("v")) return undefined;
  const { map } = /\.m?ts$/.test(file) ? stripModule(file) : {};
  const position = map && toSource(new TraceMap(map), { line, column: column - 1 });
  return position ? `${file}:${position.line}:${position.column + 1}` : `${file}:${line}:${column}`;
}

/** A local module of TypeScript as JavaScript. */
export function stripModule(file: string): StrippedCode {
  const source = readFileSync(file, "utf8");
  try {
    const options = (): RuntimeOptions => runtimeOptionsOf(dirname(file));
    return stripTypes(source, { filename: file, keepUnusedImports: false, options });
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    const { line, column } = positionOf(source, error.offset);
    throw new SyntaxError(`${error.message} (${file}:${line}:${column + 1})`);
  }
}

/** The local file of a URL; undefined for other URLs and for files of packages, which do not change. */
export function localFileOf(url: string | undefined): string | undefined {
  if (!url?.startsWith("file:")) return undefined;
  const path = fileURLToPath(url);
  return path.includes("/node_modules/") ? undefined : path;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
