import { parseSync, visitorKeys } from "oxc-parser";
import type * as ESTree from "estree";

export type { ESTree };

interface Span {
  /** UTF-16 offset of the first unit. */
  start: number;
  /** UTF-16 offset behind the last unit. */
  end: number;
}

/** A node and where it stands. */
export type Node = ESTree.Node & Span;
export type Identifier = ESTree.Identifier & Span;
export type Program = ESTree.Program & Span;

/** Parses a JavaScript module. */
export function parse(code: string, filename: string): Program {
  const options = {
    lang: "js",
    sourceType: "module",
    astType: "js",
    range: true,
    preserveParens: false,
  } as const;
  return parseSync(filename, code, options).program as unknown as Program;
}

/** Parses a TypeScript module. The tree has nodes that ESTree does not know; `errors` are those of the syntax. */
export function parseTypeScript(code: string): { program: Program; errors: unknown[] } {
  const { program, errors } = parseSync("cell.ts", code, { lang: "ts", sourceType: "module", range: true });
  return { program: program as unknown as Program, errors };
}

/** The offsets of a node whose type comes from ESTree, which does not declare them. */
export function spanOf(node: ESTree.Node | ESTree.ExportDefaultDeclaration["declaration"]): Span {
  return node as unknown as Span;
}

export interface Visitor {
  enter(node: Node, parent: Node | undefined): void;
  leave(node: Node, parent: Node | undefined): void;
}

/** Visits a node and everything in it in the order of the text. */
export function walk(node: Node, visitor: Visitor, parent?: Node): void {
  visitor.enter(node, parent);
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, Node | (Node | null)[] | null | undefined>)[key];
    if (Array.isArray(child)) {
      for (const item of child) if (item) walk(item, visitor, node);
    } else if (child) walk(child, visitor, node);
  }
  visitor.leave(node, parent);
}

/** Whether JavaScript names the value of this expression after the variable that it is assigned to. */
export function isAnonymousFunction({ type, ...node }: ESTree.Node): boolean {
  if (type === "ArrowFunctionExpression") return true;
  return (type === "FunctionExpression" || type === "ClassExpression") && !("id" in node && node.id);
}
