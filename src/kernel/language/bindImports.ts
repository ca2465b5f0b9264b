import type { ImportRequest } from "./importRequest.ts";
import type { ModuleImporter } from "./moduleImporter.ts";

/** Imports the modules of a cell one after the other and takes what it asks of them. */
export async function bindImports(
  requests: ImportRequest[],
  importer: ModuleImporter,
): Promise<Record<string, unknown>> {
  const bound: Record<string, unknown> = {};
  for (const { specifier, attributes, names } of requests) {
    const namespace = (await importer.import(specifier, { with: attributes })) as Record<string, unknown>;
    for (const { imported, local } of names) bound[local] = pick(namespace, imported, specifier);
  }
  return bound;
}

function pick(namespace: Record<string, unknown>, imported: string, specifier: string): unknown {
  if (imported === "*") return namespace;
  if (imported in namespace) return namespace[imported];
  // Node finds the names of a CommonJS module by reading its text; what it overlooks is still on the module itself.
  const module = namespace.default;
  if (
    ((typeof module === "object" && module !== null) || typeof module === "function") &&
    imported in module
  ) {
    return (module as Record<string, unknown>)[imported];
  }
  throw new SyntaxError(`The module "${specifier}" has no export named "${imported}"`);
}
