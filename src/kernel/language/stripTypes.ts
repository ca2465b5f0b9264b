import type { EncodedSourceMap } from "@jridgewell/remapping";
import { transformSync } from "oxc-transform";

import { CellError } from "./cellError.ts";

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
}

/** Turns TypeScript into JavaScript. Throws {@link CellError} at the first thing that is no TypeScript. */
export function stripTypes(source: string, { filename, keepUnusedImports }: StripOptions): StrippedCode {
  const { code, map, errors } = transformSync(filename, source, {
    lang: "ts",
    sourceType: "module",
    sourcemap: true,
    typescript: { onlyRemoveTypeImports: keepUnusedImports },
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
