import { TraceMap } from "@jridgewell/trace-mapping";

import { CellError } from "./cellError.ts";
import { analyzeCell, type CellScope, type Declared, type SessionNames } from "./cellScope.ts";
import { functionAt } from "./functionText.ts";
import type { ImportRequest } from "./importRequest.ts";
import { isMagic, unknownMagic } from "./magics/magics.ts";
import type { MagicLine } from "./magics/parseCell.ts";
import { prepareCell, type PreparedCell } from "./prepareCell.ts";
import { rewrite } from "./rewrite.ts";
import { joinMaps, offsetOf, positionOf, toSource } from "./sourceMap.ts";
import { stripTypes, type StrippedCode, type StripOptions } from "./stripTypes.ts";
import { parse } from "./syntaxTree.ts";
import type { RuntimeOptions } from "./tsconfig.ts";

/** A cell, ready to run. */
export interface TransformedCell {
  /** A script whose value is `{ value }` of the last expression, undefined, or a promise of these. */
  code: string;
  declared: Declared[];
  /** What must be imported before the script runs, in this order. Offsets are those of the cell's text. */
  imports: ImportRequest[];
  /** Whether the cell has an `import.meta`. */
  usesMeta: boolean;
  /** The offset in the cell of an offset in the JavaScript that its types leave. */
  sourceOffset: (offset: number) => number;
  /** What the script calls by number. */
  magics: MagicLine[];
  /** From places in the script to places in the cell; computed when first asked for. */
  map: () => TraceMap;
  /** The JavaScript that was rewritten to a function of the script with this text; undefined when it has none. */
  originalOf: (text: string) => string | undefined;
}

export interface TransformOptions {
  /** The name of the cell's virtual file. */
  filename: string;
  session: SessionNames;
  /** What the tsconfig.json of the notebook's directory says, asked for cells that depend on it. Default: nothing. */
  options?: () => RuntimeOptions;
}

/**
 * Turns a cell of TypeScript into a script: types are stripped, then names of the session are rewritten to properties of the
 * session's scope object. Throws {@link CellError} when the cell cannot run.
 */
export function transform(source: string, { filename, session, options }: TransformOptions): TransformedCell {
  const prepared = prepareCell(source);
  const unknown = prepared.magics.find((magic) => !isMagic(magic));
  if (unknown) throw new CellError(unknownMagic(unknown), unknown.start, { name: "MagicError" });
  const stripped = strip(prepared, { filename, keepUnusedImports: true, ...(options && { options }) });
  const program = parse(stripped.code, filename);
  const scope = analyzeCell(program, { session, source, disposable: prepared.disposable });

  const toSourceOffset = (offset: number): number => {
    const position = toSource(new TraceMap(stripped.map), positionOf(stripped.code, offset));
    return position ? prepared.locate(offsetOf(prepared.text, position)) : 0;
  };
  if (scope.constantWrite) {
    const { name, start } = scope.constantWrite;
    throw new CellError(`Assignment to constant variable '${name}'.`, toSourceOffset(start), {
      name: "TypeError",
    });
  }

  const { text, imports, usesMeta } = rewrite(stripped.code, program, scope);
  const isType = typesIn(source, scope);
  const located = imports.map((request) => ({
    ...request,
    offset: toSourceOffset(request.offset),
    names: request.names.map((name) => ({
      ...name,
      usedAsType: isType(name.local),
      offset: toSourceOffset(name.offset),
    })),
  }));
  const code = text.toString();
  let map: TraceMap | undefined;
  return {
    code,
    declared: scope.declared,
    imports: located,
    usesMeta,
    sourceOffset: toSourceOffset,
    magics: prepared.magics,
    map: () => (map ??= joinMaps(text, prepared.map ? [stripped.map, prepared.map] : [stripped.map])),
    originalOf(functionText) {
      const offset = code.indexOf(functionText);
      const position = offset < 0 ? undefined : toSource(joinMaps(text, []), positionOf(code, offset));
      return position && functionAt(stripped.code, offsetOf(stripped.code, position), filename);
    },
  };
}

/** Tells which imported names a cell mentions only as types: what is gone with the types was a type, if it was there. */
function typesIn(source: string, { references }: CellScope): (local: string) => boolean {
  const values = new Set([...references.keys()].map(({ name }) => name));
  // The name of the module is no mention of what is imported from it.
  const text = source.replace(/\bfrom\s*(["']).*?\1/g, "");
  return (local) =>
    !values.has(local) &&
    text.split(new RegExp(`(?<![\\w$])${local.replaceAll("$", "\\$")}(?![\\w$])`)).length > 2;
}

function strip({ text, locate }: PreparedCell, options: StripOptions): StrippedCode {
  try {
    return stripTypes(text, options);
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    throw new CellError(error.message, locate(error.offset), { hint: error.hint });
  }
}
