import ts from "typescript";

/** The nodes around a place or with an end at it, in the order of the text, outer ones first. */
export function nodesAt(source: ts.SourceFile, place: number): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (node.pos > place || node.end < place) return;
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return nodes;
}

/** Whether an expression is `a.b.c`: looking at its value runs none of the user's code, getters aside. */
export function isDotted(node: ts.Node): node is ts.Identifier | ts.PropertyAccessExpression {
  return ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && isDotted(node.expression));
}
