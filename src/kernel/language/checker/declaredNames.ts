import ts from "typescript";

/** A name that a cell declares at its top level. */
export interface DeclaredName {
  name: string;
  /**
   * `variable` and `constant` for what is a value alone; `other` for what may also be a type or a namespace: a class, an
   * enum, an interface, an import, or a constant and a type of one name; `disposable` for what `using` declares, which is gone when
   * the cell has ended.
   */
  kind: "variable" | "constant" | "other" | "disposable";
  /** Where the name stands in the text. */
  start: number;
  /** Whether the text exports it itself. */
  exported: boolean;
}

/** The names that the top level of a file declares, the `var` of its blocks among them. */
export function declaredNames(file: ts.SourceFile): DeclaredName[] {
  const names = new Map<string, DeclaredName>();
  const exports = exportedNames(file);

  const add = (identifier: ts.Identifier, kind: DeclaredName["kind"], exported = false): void => {
    const name = identifier.text;
    const known = names.get(name);
    if (known === undefined) {
      names.set(name, {
        name,
        kind,
        start: identifier.getStart(file),
        exported: exported || exports.has(name),
      });
    } else if (known.kind !== kind) known.kind = "other";
  };
  const addBinding = (name: ts.BindingName, kind: DeclaredName["kind"], exported: boolean): void => {
    if (ts.isIdentifier(name)) return add(name, kind, exported);
    for (const element of name.elements) {
      if (ts.isBindingElement(element)) addBinding(element.name, kind, exported);
    }
  };
  const addVariables = (list: ts.VariableDeclarationList, exported: boolean): void => {
    const isUsing = (list.flags & ts.NodeFlags.Using) !== 0;
    const kind = isUsing ? "disposable" : list.flags & ts.NodeFlags.Const ? "constant" : "variable";
    for (const { name } of list.declarations) addBinding(name, kind, exported);
  };

  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) addVariables(statement.declarationList, isExported(statement));
    else if (ts.isImportDeclaration(statement))
      importedNames(statement).forEach((name) => add(name, "other"));
    else if (isNamedDeclaration(statement)) add(statement.name, "other", isExported(statement));
    else forEachVar(statement, (list) => addVariables(list, false));
  }
  return [...names.values()];
}

type NamedDeclaration = ts.Statement & { name: ts.Identifier };

function isNamedDeclaration(statement: ts.Statement): statement is NamedDeclaration {
  return (
    (ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isModuleDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement)) &&
    statement.name !== undefined &&
    ts.isIdentifier(statement.name) &&
    // `declare global` and `declare module "…"` declare no name of the cell.
    !(statement.flags & ts.NodeFlags.GlobalAugmentation)
  );
}

function importedNames({ importClause }: ts.ImportDeclaration): ts.Identifier[] {
  if (importClause === undefined) return [];
  const { name, namedBindings } = importClause;
  const bound =
    namedBindings === undefined
      ? []
      : ts.isNamespaceImport(namedBindings)
        ? [namedBindings.name]
        : namedBindings.elements.map((element) => element.name);
  return [...(name ? [name] : []), ...bound];
}

/** The `var` declarations in blocks and loops, which belong to the cell; those of functions do not. */
function forEachVar(node: ts.Node, visit: (list: ts.VariableDeclarationList) => void): void {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
  if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) visit(node);
  ts.forEachChild(node, (child) => forEachVar(child, visit));
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  const has = (kind: ts.SyntaxKind): boolean =>
    modifiers?.some((modifier) => modifier.kind === kind) ?? false;
  return has(ts.SyntaxKind.ExportKeyword) && !has(ts.SyntaxKind.DefaultKeyword);
}

/** The names that `export { … }` and `export … from` give to others. */
function exportedNames(file: ts.SourceFile): Set<string> {
  const clauses = file.statements.filter(ts.isExportDeclaration).map(({ exportClause }) => exportClause);
  return new Set(
    clauses.flatMap((clause) => {
      if (clause === undefined) return [];
      return ts.isNamespaceExport(clause) ? [clause.name.text] : clause.elements.map(({ name }) => name.text);
    }),
  );
}
