import ts from "typescript";

import { isDotted, nodesAt } from "./nodesAt.ts";

/**
 * The dotted expression at a place, up to the name there, whose type says nothing: its value may be known. Undefined where there
 * is none, and for what the cell itself declares, from `ownStart` on: it has no value yet.
 */
export function untypedAt(
  program: ts.Program,
  file: string,
  place: number,
  ownStart: number,
): string | undefined {
  const source = program.getSourceFile(file)!;
  const checker = program.getTypeChecker();
  const name = nodesAt(source, place).findLast(
    (node) => ts.isIdentifier(node) && node.getStart(source) <= place,
  );
  if (name === undefined) return undefined;
  const { parent } = name;
  const expression = ts.isPropertyAccessExpression(parent) && parent.name === name ? parent : name;
  if (!isDotted(expression) || !(checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Any))
    return undefined;
  const isOwn = checker
    .getSymbolAtLocation(headOf(expression))
    ?.declarations?.some((node) => node.getSourceFile() === source && node.pos >= ownStart);
  return isOwn ? undefined : expression.getText(source);
}

function headOf(node: ts.Identifier | ts.PropertyAccessExpression): ts.Identifier {
  return ts.isIdentifier(node)
    ? node
    : headOf(node.expression as ts.Identifier | ts.PropertyAccessExpression);
}
