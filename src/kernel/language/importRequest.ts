import type { ESTree, Identifier, Node } from "./syntaxTree.ts";

/** One import statement of a cell. */
export interface ImportRequest {
  specifier: string;
  attributes: Record<string, string>;
  names: ImportedName[];
  /** Where the statement starts in the text it was read from. */
  offset: number;
}

export interface ImportedName {
  /** The name in the module; `*` for the module itself. */
  imported: string;
  /** The name in the session. */
  local: string;
  /** The cell mentions the name only as a type, so it may be missing when the cell runs. */
  usedAsType: boolean;
  offset: number;
}

/** Reads what an import statement, or an export statement with a source, asks for. */
export function importRequestOf(
  node: ESTree.ImportDeclaration | ESTree.ExportNamedDeclaration | ESTree.ExportAllDeclaration,
): ImportRequest {
  const names = node.type === "ImportDeclaration" ? node.specifiers.map(importedName) : [];
  const attributes = node.attributes.map(({ key, value }) => [nameOf(key), String(value.value)]);
  return {
    specifier: String(node.source?.value),
    attributes: Object.fromEntries(attributes) as Record<string, string>,
    names,
    offset: (node as Node).start,
  };
}

function importedName(specifier: ESTree.ImportDeclaration["specifiers"][number]): ImportedName {
  const { name: local, start: offset } = specifier.local as Identifier;
  const imported =
    specifier.type === "ImportNamespaceSpecifier"
      ? "*"
      : specifier.type === "ImportDefaultSpecifier"
        ? "default"
        : nameOf(specifier.imported);
  return { imported, local, usedAsType: false, offset };
}

function nameOf(node: ESTree.Node): string {
  return node.type === "Identifier" ? node.name : String((node as ESTree.Literal).value);
}
