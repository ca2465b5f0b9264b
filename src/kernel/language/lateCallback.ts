import { isFunction } from "./endless.ts";
import type { ESTree, Node } from "./syntaxTree.ts";

/** What calls its argument later, from the event loop; of these, nobody asks for the function again that was given. */
const timers = /^(setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)$/;
const promiseMethods = /^(then|catch|finally)$/;
/** Here a function may be given once more to take it back, if it has a name. */
const listening = /^(on|once|addListener|addEventListener)$/;

/** Whether a node is a function, or may be one, that is called when the cell's own code does no longer run. */
export function isLateCallback(node: Node, parent: Node | undefined): boolean {
  if (parent?.type !== "CallExpression" && parent?.type !== "NewExpression") return false;
  const place = parent.arguments.indexOf(node as ESTree.Expression);
  if (place < 0) return false;
  const name = nameOfCallee(parent.callee);
  if (isFunction(node)) return timers.test(name) || promiseMethods.test(name) || listening.test(name);
  const mayBeFunction = node.type === "Identifier" || node.type === "MemberExpression";
  return mayBeFunction && (promiseMethods.test(name) || (timers.test(name) && place === 0));
}

function nameOfCallee(callee: ESTree.CallExpression["callee"]): string {
  const node = callee.type === "MemberExpression" && !callee.computed ? callee.property : callee;
  return node.type === "Identifier" ? node.name : "";
}
