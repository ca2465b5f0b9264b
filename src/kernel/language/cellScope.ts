import { analyze, type Scope, type Variable } from "eslint-scope";
import { visitorKeys } from "oxc-parser";

import type { ESTree, Identifier, Program } from "./syntaxTree.ts";

/** What a cell needs to know of the session it will run in. */
export interface SessionNames {
  /** Whether an earlier cell declared the name. */
  has(name: string): boolean;
  /** Whether it declared it with `const` or `import`. */
  isConstant(name: string): boolean;
}

/** How a cell declares a name at its top level. */
export interface Declared {
  name: string;
  kind: "let" | "const" | "var" | "enum" | "function" | "class" | "import";
}

/** The names of a cell. */
export interface CellScope {
  declared: Declared[];
  /** The identifiers that mean a name of the session; with whether the name is declared by this very cell. */
  references: Map<Identifier, { own: boolean }>;
  /** The first write to a constant, if there is one. */
  constantWrite: Identifier | undefined;
  /** Whether a declaration declares names of the session, and not of a block or function. */
  declaresSessionNames(node: ESTree.Node): boolean;
  /** An identifier that the cell does not use, made from `base`. */
  unusedName(base: string): string;
}

/** Finds out which identifiers of a cell are its own, which are the session's and which are Node's. */
export function analyzeCell(program: Program, session: SessionNames): CellScope {
  const manager = analyze(program, {
    ecmaVersion: 2024,
    sourceType: "module",
    childVisitorKeys: visitorKeys,
  });
  const top = manager.scopes.find(({ type }) => type === "module")!;
  const scope: CellScope = {
    declared: top.variables.filter(({ defs }) => defs.length > 0).map(describe),
    references: new Map(),
    constantWrite: undefined,
    declaresSessionNames: (node) =>
      manager.getDeclaredVariables(node).some((variable) => variable.scope === top),
    unusedName: (base) => unusedName(base, manager.scopes),
  };
  const constants = new Set(scope.declared.filter(isConstant).map(({ name }) => name));

  for (const { references } of manager.scopes) {
    for (const reference of references) {
      const { resolved } = reference;
      const identifier = reference.identifier as Identifier;
      const { name } = identifier;
      const own = resolved?.scope === top;
      // What no cell declares is Node's, unless Node does not know it either: then a later cell may declare it.
      if (!own && (resolved !== null || (!session.has(name) && name in globalThis))) continue;
      scope.references.set(identifier, { own });
      const constant = own ? constants.has(name) : session.isConstant(name);
      if (constant && reference.isWrite() && !reference.init) scope.constantWrite ??= identifier;
    }
  }
  return scope;
}

/** Whether a name so declared must not be assigned again. */
export function isConstant({ kind }: Declared): boolean {
  return kind === "const" || kind === "import";
}

function describe({ name, defs }: Variable): Declared {
  const definition = defs[0]!;
  switch (definition.type) {
    case "ImportBinding":
      return { name, kind: "import" };
    case "FunctionName":
      return { name, kind: "function" };
    case "ClassName":
      return { name, kind: "class" };
    default: {
      const kind = definition.parent!.kind as "let" | "const" | "var";
      return { name, kind: isEnum(name, definition.node as ESTree.VariableDeclarator) ? "enum" : kind };
    }
  }
}

/** Whether a variable is what became of an enum: `var E = function (E) { … }(E || {})`. */
function isEnum(name: string, { init }: ESTree.VariableDeclarator): boolean {
  if (init?.type !== "CallExpression" || init.callee.type !== "FunctionExpression") return false;
  const [argument] = init.arguments;
  return (
    argument?.type === "LogicalExpression" &&
    argument.left.type === "Identifier" &&
    argument.left.name === name
  );
}

function unusedName(base: string, scopes: Scope[]): string {
  const used = new Set(
    scopes.flatMap(({ variables, through }) => [
      ...variables.map(({ name }) => name),
      ...through.map(({ identifier }) => (identifier as Identifier).name),
    ]),
  );
  let name = base;
  while (used.has(name)) name += "$";
  return name;
}
