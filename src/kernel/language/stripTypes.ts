import type { EncodedSourceMap } from "@jridgewell/remapping";
import { transformSync } from "oxc-transform";

import { CellError } from "./cellError.ts";
import { compile, needsCompiler } from "./compile.ts";
import type { RuntimeOptions } from "./tsconfig.ts";

export interface StrippedCode {
  code: string;
  map: EncodedSourceMap;
}

export interface StripOptions {
  /** The name that the map gives the source. */
  filename: string;
  /**
   * Keep imports that the file itself does not use. In a cell they are for later cells; in a module they may be types and
   * are dropped, as TypeScript does.
   */
  keepUnusedImports: boolean;
  /** What the nearest tsconfig.json says, asked for code that depends on it. Default: nothing. */
  options?: () => RuntimeOptions;
}

/**
 * Turns TypeScript into JavaScript that this Node runs. Throws {@link CellError} at the first thing that is no TypeScript.
 */
export function stripTypes(
  source: string,
  { filename, keepUnusedImports, options = () => ({}) }: StripOptions,
): StrippedCode {
  const onlyRemoveTypeImports = keepUnusedImports || options().verbatimModuleSyntax === true;
  if (needsCompiler(source, options))
    return compile(source, filename, { ...options(), verbatimModuleSyntax: onlyRemoveTypeImports });
  const { code, map, errors } = transformSync(filename, source, {
    lang: "ts",
    sourceType: "module",
    sourcemap: true,
    typescript: { onlyRemoveTypeImports },
  });
  const [error] = errors;
  if (error) {
    // With two labels (declared here, declared again there) the mistake is the last.
    const bytes = error.labels.at(-1)?.start ?? 0;
    const offset = Buffer.from(source).subarray(0, bytes).toString().length;
    throw new CellError(error.message, offset, { hint: error.helpMessage ?? undefined });
  }
  return { code, map: { version: 3, names: map!.names, sources: [filename], mappings: map!.mappings } };
}
