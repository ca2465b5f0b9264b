import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";

import { InputError } from "../../errors.ts";
import { parse, type ESTree } from "./syntaxTree.ts";

/** What of a tsconfig.json matters when code runs; the rest is the checker's. */
export interface RuntimeOptions {
  experimentalDecorators?: boolean;
  emitDecoratorMetadata?: boolean;
  useDefineForClassFields?: boolean;
  verbatimModuleSyntax?: boolean;
  /** Where modules are looked for that are named without a dot. */
  baseUrl?: string;
  /** Other names of modules: patterns with at most one `*`, and the paths that they stand for. */
  paths?: Record<string, string[]>;
}

interface Settings extends RuntimeOptions {
  target?: string;
}

interface Loaded {
  options: RuntimeOptions;
  /** The files that were read, with the time of their last change. */
  files: Map<string, number>;
}

const loaded = new Map<string, Loaded>();

/**
 * The options of the nearest tsconfig.json in a directory or above, with those that it extends; none where there is no such
 * file. Read again when one of the files has changed. Throws {@link InputError} for a file that is no tsconfig.json.
 *
 * TypeScript's own reader is not used: it would have to be loaded with the whole compiler before the first cell runs.
 */
export function runtimeOptionsOf(directory: string): RuntimeOptions {
  const file = nearestTsconfig(directory);
  if (file === undefined) return {};
  const known = loaded.get(file);
  if (known && [...known.files].every(([path, changed]) => changeOf(path) === changed)) return known.options;
  const files = new Map<string, number>();
  const options = withDefaults(readSettings(file, dirname(file), files));
  loaded.set(file, { options, files });
  return options;
}

/** The nearest tsconfig.json in a directory or above it. */
function nearestTsconfig(directory: string): string | undefined {
  for (let place = directory; ; place = dirname(place)) {
    const file = join(place, "tsconfig.json");
    if (changeOf(file) !== undefined) return file;
    if (place === dirname(place)) return undefined;
  }
}

/** The files that a module named so may be, by `paths` and `baseUrl`, in the order in which TypeScript tries them. */
export function aliasesOf(specifier: string, { paths = {}, baseUrl }: RuntimeOptions): string[] {
  const matches = Object.entries(paths)
    .map(([pattern, targets]) => ({ pattern, targets, star: starIn(specifier, pattern) }))
    .filter(({ star }) => star !== undefined)
    .sort((a, b) => prefixLength(b.pattern) - prefixLength(a.pattern));
  const mapped = (matches[0]?.targets ?? []).map((target) => target.replace("*", () => matches[0]!.star!));
  return baseUrl === undefined ? mapped : [...mapped, join(baseUrl, specifier)];
}

/** What the `*` of a pattern stands for in a specifier; undefined when they do not match. */
function starIn(specifier: string, pattern: string): string | undefined {
  const [before, after] = pattern.split("*") as [string, string | undefined];
  if (after === undefined) return specifier === pattern ? "" : undefined;
  const matches =
    specifier.length >= before.length + after.length &&
    specifier.startsWith(before) &&
    specifier.endsWith(after);
  return matches ? specifier.slice(before.length, specifier.length - after.length) : undefined;
}

function prefixLength(pattern: string): number {
  const star = pattern.indexOf("*");
  return star < 0 ? Infinity : star;
}

function readSettings(file: string, configDirectory: string, files: Map<string, number>): Settings {
  if (files.has(file)) return {};
  const text = readText(file);
  files.set(file, changeOf(file)!);
  const config = readJson(text, file) as {
    extends?: string | string[];
    compilerOptions?: Record<string, unknown>;
  };
  const inherited = [config.extends ?? []]
    .flat()
    .map((name) => readSettings(extendedFile(name, file), configDirectory, files));
  return Object.assign(
    {},
    ...inherited,
    absolute(config.compilerOptions ?? {}, file, configDirectory),
  ) as Settings;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new InputError({ who: "tsconfig.json", expected: `a file ${file}`, found: "none", cause });
  }
}

/** The settings of one file, with its paths made absolute: they are relative to the file that says them. */
function absolute(options: Record<string, unknown>, file: string, configDirectory: string): Settings {
  const settings = options as Settings;
  const at = (base: string, path: string): string =>
    resolve(base, path.replaceAll("${configDir}", configDirectory));
  const baseUrl = settings.baseUrl === undefined ? undefined : at(dirname(file), settings.baseUrl);
  const paths = Object.entries(settings.paths ?? {}).map(
    ([pattern, targets]) => [pattern, targets.map((target) => at(baseUrl ?? dirname(file), target))] as const,
  );
  return {
    ...settings,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(settings.paths && { paths: Object.fromEntries(paths) }),
  };
}

function extendedFile(name: string, from: string): string {
  if (isAbsolute(name) || /^\.\.?(\/|$)/.test(name)) {
    const path = resolve(dirname(from), name);
    return path.endsWith(".json") ? path : `${path}.json`;
  }
  const { resolve: find } = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      return find(candidate);
    } catch {
      // The next form of the name.
    }
  }
  throw new InputError({ who: from, expected: "a package to extend", found: `"${name}"`, fix: "install it" });
}

/** Fields are assigned and not defined when the target is older than fields are, unless the file says otherwise. */
function withDefaults({ target, ...options }: Settings): RuntimeOptions {
  const year = /^es(\d{4})$/i.exec(target ?? "")?.[1];
  const old = year === undefined ? /^es[356]$/i.test(target ?? "") : Number(year) < 2022;
  return { useDefineForClassFields: !old, ...options };
}

/** JSON with comments and trailing commas is an expression of JavaScript, whose parser is here already. */
function readJson(text: string, file: string): unknown {
  if (text.trim() === "") return {};
  const statement = parse(`(${text.replace(/^\uFEFF/, "")}\n)`, `${file}.js`).body[0];
  if (statement?.type !== "ExpressionStatement" || statement.expression.type !== "ObjectExpression")
    throw new InputError({ who: file, expected: "JSON with comments", found: "something else" });
  return valueOf(statement.expression);
}

function valueOf(node: ESTree.Node | null): unknown {
  if (node?.type === "ArrayExpression") return node.elements.map(valueOf);
  if (node?.type === "Literal") return node.value;
  if (node?.type !== "ObjectExpression") return undefined;
  const entries = node.properties.map((property) =>
    property.type === "Property" && property.key.type === "Literal"
      ? [String(property.key.value), valueOf(property.value)]
      : [],
  );
  return Object.fromEntries(entries.filter(({ length }) => length > 0)) as unknown;
}

function changeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
