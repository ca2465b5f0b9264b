import { analyze, type Scope, type Variable } from "eslint-scope";

import type { ESTree, Identifier, Program } from "./syntaxTree.ts";

/** What a cell needs to know of the session it will run in. */
export interface SessionNames {
  /** Whether an earlier cell declared the name, or every cell has it. */
  has(name: string): boolean;
  /** Whether it declared it with `const` or `import`. */
  isConstant(name: string): boolean;
}

/** How a cell declares a name at its top level. */
export interface Declared {
  name: string;
  kind: "let" | "const" | "var" | "enum" | "function" | "class" | "import" | "using";
  /** Whether a name declared with `using` is disposed of asynchronously. */
  async?: boolean;
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
  /** Whether a function has a parameter whose name its body declares as well. */
  declaresTwice(node: ESTree.Function): boolean;
  /** An identifier that the cell does not use, made from `base`. */
  unusedName(base: string): string;
}

export interface AnalyzeOptions {
  session: SessionNames;
  /** The cell as the user wrote it: names that it does not contain are the compiler's and no one else's. */
  source: string;
  /** The names that the cell declares with `using`, which have become constants. */
  disposable: ReadonlyMap<string, { async: boolean }>;
}

/**
 * What the parser's trees have and eslint-scope does not know. All the parser's keys, types among them, would do as well, but they
 * are copied for each pattern of the code, which takes longer than all the rest.
 */
const childVisitorKeys = { ImportExpression: ["source", "options"], StaticBlock: ["body"] };

/** Finds out which identifiers of a cell are its own, which are the session's and which are Node's. */
export function analyzeCell(program: Program, { session, source, disposable }: AnalyzeOptions): CellScope {
  const manager = analyze(program, {
    ecmaVersion: 2024,
    sourceType: "module",
    childVisitorKeys,
  });
  const top = manager.scopes.find(({ type }) => type === "module")!;
  const own = new Set(top.variables.filter(({ defs, name }) => defs.length > 0 && source.includes(name)));
  const scope: CellScope = {
    declared: [...own].map((variable) =>
      disposable.has(variable.name)
        ? { name: variable.name, kind: "using", ...disposable.get(variable.name) }
        : describe(variable, program),
    ),
    references: new Map(),
    constantWrite: undefined,
    declaresSessionNames: (node) => manager.getDeclaredVariables(node).some((variable) => own.has(variable)),
    declaresTwice: (node) => manager.getDeclaredVariables(node).some(({ defs }) => defs.length > 1),
    unusedName: (base) => unusedName(base, manager.scopes),
  };
  const constants = new Set(scope.declared.filter(isConstant).map(({ name }) => name));

  for (const { references } of manager.scopes) {
    for (const reference of references) {
      const { resolved } = reference;
      const identifier = reference.identifier as Identifier;
      const { name } = identifier;
      const isOwn = resolved !== null && own.has(resolved);
      // What no cell declares is Node's, unless Node does not know it either: then a later cell may declare it.
      if (!isOwn && (resolved !== null || (!session.has(name) && name in globalThis))) continue;
      scope.references.set(identifier, { own: isOwn });
      const constant = isOwn ? constants.has(name) : session.isConstant(name);
      if (constant && reference.isWrite() && !reference.init) scope.constantWrite ??= identifier;
    }
  }
  return scope;
}

/** Whether a name so declared must not be assigned again. */
export function isConstant({ kind }: Declared): boolean {
  return kind === "const" || kind === "import" || kind === "using";
}

function describe({ name, defs }: Variable, program: Program): Declared {
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
      const isFresh =
        isEnum(name, definition.node as ESTree.VariableDeclarator) ||
        (kind === "var" && isFilledLater(name, program));
      return { name, kind: isFresh ? "enum" : kind };
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

/** Whether a variable is an enum or namespace of TypeScript's own compiler: `var E; (function (E) { … })(E || (E = {}))`. */
function isFilledLater(name: string, { body }: Program): boolean {
  return body.some((statement) => {
    if (statement.type !== "ExpressionStatement" || statement.expression.type !== "CallExpression")
      return false;
    const { callee, arguments: given } = statement.expression;
    const [argument] = given;
    return (
      callee.type === "FunctionExpression" &&
      argument?.type === "LogicalExpression" &&
      argument.left.type === "Identifier" &&
      argument.left.name === name &&
      argument.right.type === "AssignmentExpression"
    );
  });
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
