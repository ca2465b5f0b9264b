import type { ImportRequest } from "./importRequest.ts";
import type { ModuleImporter } from "./moduleImporter.ts";

/** An import of a cell that failed, and where in the cell it stands. */
export class ImportFailure extends Error {
  readonly offset: number;

  constructor(cause: unknown, offset: number) {
    super("import failed", { cause });
    this.offset = offset;
  }
}

/**
 * Imports the modules of a cell one after the other and takes what it asks of them. Throws {@link ImportFailure}, whose cause
 * is what went wrong.
 */
export async function bindImports(
  requests: ImportRequest[],
  importer: ModuleImporter,
): Promise<Record<string, unknown>> {
  const bound: Record<string, unknown> = {};
  for (const { specifier, attributes, names, offset } of requests) {
    let place = offset;
    try {
      const namespace = (await importer.import(specifier, { with: attributes })) as Record<string, unknown>;
      for (const name of names) {
        place = name.offset;
        if (name.usedAsType && !(name.imported in namespace)) continue;
        bound[name.local] = pick(namespace, name.imported, specifier);
      }
    } catch (cause) {
      throw new ImportFailure(cause, place);
    }
  }
  return bound;
}

function pick(namespace: Record<string, unknown>, imported: string, specifier: string): unknown {
  if (imported === "*") return namespace;
  if (imported in namespace) return namespace[imported];
  const module = commonJsModule(namespace);
  if (module && imported in module) return module[imported];
  throw new SyntaxError(
    `The module "${specifier}" has no export named "${imported}"; if it is a type, write: import type`,
  );
}

/** Node finds the names of a CommonJS module by reading its text; what it overlooks is still on the module itself. */
function commonJsModule({ default: module }: Record<string, unknown>): Record<string, unknown> | undefined {
  const hasProperties = (typeof module === "object" && module !== null) || typeof module === "function";
  return hasProperties ? (module as Record<string, unknown>) : undefined;
}
