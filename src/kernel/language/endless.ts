import { walk, type ESTree, type Node } from "./syntaxTree.ts";

export type FunctionNode = Extract<Node, ESTree.Function>;

/** Whether a node is what runs again and again: the body of a loop, or of a function that calls itself. */
export function mayBeEndless(
  node: Node,
  parent: Node | undefined,
  recursive: ReadonlySet<ESTree.Node>,
): boolean {
  switch (parent?.type) {
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return parent.body === node;
    default:
      return recursive.has(node);
  }
}

/** The body of a function that calls itself by its name, or lets itself or another be called in a microtask; undefined for other nodes. */
export function recursiveBody(node: Node, parent: Node | undefined): ESTree.Node | undefined {
  if (!isFunction(node)) return undefined;
  return callsAgain(node, nameOf(node, parent)) ? node.body : undefined;
}

export function isFunction(node: Node): node is FunctionNode {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** What a function is called, or the variable or property that it goes to. */
export function nameOf(node: FunctionNode, parent: Node | undefined): string | undefined {
  if ("id" in node && node.id) return node.id.name;
  switch (parent?.type) {
    case "VariableDeclarator":
      return identifierName(parent.id);
    case "AssignmentExpression":
      return identifierName(parent.left);
    case "MethodDefinition":
    case "Property":
    case "PropertyDefinition":
      return identifierName(parent.key);
    default:
      return undefined;
  }
}

/** Microtasks that make microtasks never let the event loop go on, whatever their functions are called. */
const inMicrotask = /^(then|catch|finally|queueMicrotask|nextTick)$/;

function callsAgain(node: FunctionNode, name: string | undefined): boolean {
  let found = false;
  walk(node, {
    enter(inner) {
      if (inner.type !== "CallExpression") return;
      const { callee } = inner;
      const called = identifierName(callee.type === "MemberExpression" ? callee.property : callee);
      found ||= called !== undefined && (called === name || inMicrotask.test(called));
    },
    leave: () => undefined,
  });
  return found;
}

function identifierName(node: ESTree.Node): string | undefined {
  return node.type === "Identifier" || node.type === "PrivateIdentifier" ? node.name : undefined;
}
