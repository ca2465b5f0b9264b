import { isLateCallback } from "./lateCallback.ts";
import { importRequestOf } from "./importRequest.ts";
import { isFunction, mayBeEndless, recursiveBody } from "./endless.ts";
import { running } from "./interruptFlags.ts";
import { magicFunction } from "./prepareCell.ts";
import { endAsyncLoop, enterAsyncLoop } from "./rewriteAsyncLoop.ts";
import { awaitRule, endFunction, enterFunction } from "./rewriteSteps.ts";
import { insert, type Rewriting } from "./rewriting.ts";
import { isAnonymousFunction, spanOf, type ESTree, type Identifier, type Node } from "./syntaxTree.ts";

interface Rule<N> {
  enter?(node: N, rewriting: Rewriting, parent: Node | undefined): void;
  leave?(node: N, rewriting: Rewriting, parent: Node | undefined): void;
}

type RuleTable = { [Type in Node["type"]]?: Rule<Extract<Node, { type: Type }>> };

/** The comma keeps a function from being named after the property. */
const resultStart = "return { value: (0, ";
const resultEnd = ") }";

const functionRule: Rule<ESTree.Function & Node> = { enter: enterFunction };

/** What happens to each type of node. Pieces are inserted in the order of the text: see {@link insert}. */
const table: RuleTable = {
  Identifier: {
    enter(node, rewriting, parent) {
      if (node.name === magicFunction)
        rewriting.text.overwrite(node.start, node.end, `${rewriting.runtime}.magic`);
      if (!isSessionName(node, rewriting)) return;
      // A bare call must stay bare: a method call would pass the scope object as `this`.
      const bare = isCallee(node, parent) ? "(0, " : "";
      insert(rewriting, node.start, `${bare}${rewriting.session}.`);
    },
    leave(node, rewriting, parent) {
      if (isSessionName(node, rewriting) && isCallee(node, parent)) insert(rewriting, node.end, ")");
    },
  },

  Property: {
    enter(node, rewriting) {
      const target = node.value.type === "AssignmentPattern" ? node.value.left : node.value;
      if (node.shorthand && isSessionName(target, rewriting))
        insert(rewriting, node.start, `${target.name}: `);
    },
  },

  UnaryExpression: {
    // A name that no cell has declared yet may be tested with `typeof`.
    enter(node, rewriting) {
      const name = uncertainTypeof(node, rewriting);
      if (name !== undefined) insert(rewriting, node.start, `("${name}" in ${rewriting.session} ? `);
    },
    leave(node, rewriting) {
      if (uncertainTypeof(node, rewriting) !== undefined) insert(rewriting, node.end, ' : "undefined")');
    },
  },

  VariableDeclaration: {
    enter(node, { scope, text }) {
      if (scope.declaresSessionNames(node)) text.remove(node.start, spanOf(node.declarations[0]!).start);
    },
  },

  VariableDeclarator: {
    enter(node, rewriting, parent) {
      if (!rewriting.scope.declaresSessionNames(node)) return;
      if (isDestructuring(node)) insert(rewriting, node.start, "(");
      if (node.init || rewriting.loopTargets.has(parent!)) return;
      // A `var` may repeat an earlier one, whose value stays.
      if (isVar(parent)) rewriting.text.overwrite(node.start, node.end, "void 0");
      else insert(rewriting, node.start, `${rewriting.session}.`);
    },
    leave(node, rewriting, parent) {
      if (!rewriting.scope.declaresSessionNames(node)) return;
      if (isDestructuring(node)) insert(rewriting, node.end, ")");
      if (!node.init && !rewriting.loopTargets.has(parent!) && !isVar(parent))
        insert(rewriting, node.end, " = void 0");
    },
  },

  FunctionDeclaration: {
    enter(node, rewriting) {
      enterFunction(node, rewriting);
      if (rewriting.scope.declaresSessionNames(node)) rewriting.hoisted.push(node.id.name);
    },
  },
  FunctionExpression: functionRule,
  ArrowFunctionExpression: functionRule,

  ClassDeclaration: {
    enter(node, rewriting) {
      if (!rewriting.scope.declaresSessionNames(node)) return;
      insert(rewriting, node.start, `${rewriting.session}.${node.id.name} = `);
    },
    leave(node, rewriting) {
      if (rewriting.scope.declaresSessionNames(node)) insert(rewriting, node.end, ";");
    },
  },

  AwaitExpression: awaitRule,

  ForOfStatement: {
    enter(node, rewriting, parent) {
      rewriting.loopTargets.add(node.left);
      enterAsyncLoop(node, rewriting, parent);
    },
    leave: endAsyncLoop,
  },
  LabeledStatement: { enter: enterAsyncLoop, leave: endAsyncLoop },
  ForInStatement: { enter: ({ left }, { loopTargets }) => void loopTargets.add(left) },

  ImportExpression: {
    enter: ({ start }, { text, runtime }) =>
      void text.overwrite(start, start + "import".length, `${runtime}.import`),
  },

  MetaProperty: {
    enter({ meta, start, end }, rewriting) {
      if (meta.name !== "import") return;
      rewriting.usesMeta = true;
      rewriting.text.overwrite(start, end, `${rewriting.runtime}.meta`);
    },
  },

  ImportDeclaration: { leave: removeImport },
  ExportAllDeclaration: { leave: removeImport },

  ExportNamedDeclaration: {
    enter({ start, declaration }, { text }) {
      if (declaration) text.remove(start, spanOf(declaration).start);
    },
    leave(node, rewriting) {
      if (!node.declaration) rewriting.text.remove(node.start, node.end);
      if (node.source) rewriting.imports.push(importRequestOf(node));
    },
  },

  ExportDefaultDeclaration: {
    enter(node, rewriting) {
      const { start } = spanOf(node.declaration);
      rewriting.text.remove(node.start, start);
      if (!isNamedDeclaration(node.declaration))
        insert(rewriting, start, node === rewriting.last ? resultStart : "(");
    },
    leave(node, rewriting) {
      const { end } = spanOf(node.declaration);
      if (!isNamedDeclaration(node.declaration))
        insert(rewriting, end, node === rewriting.last ? resultEnd : ")");
    },
  },

  ExpressionStatement: {
    enter(node, rewriting) {
      if (node === rewriting.last) insert(rewriting, node.start, resultStart);
    },
    leave(node, rewriting) {
      const end = rewriting.code[node.end - 1] === ";" ? node.end - 1 : node.end;
      if (node === rewriting.last) insert(rewriting, end, resultEnd);
    },
  },
};

/** How the value of a `using` declaration is disposed of; undefined for other values. */
function disposalOf(
  node: Node,
  { scope, disposable }: Rewriting,
  parent: Node | undefined,
): { async?: boolean } | undefined {
  if (parent?.type !== "VariableDeclarator" || parent.init !== node || !scope.declaresSessionNames(parent))
    return undefined;
  return parent.id.type === "Identifier" ? disposable.get(parent.id.name) : undefined;
}

/** Applies the rules for a node before what is in it is rewritten. */
export function enterNode(node: Node, rewriting: Rewriting, parent: Node | undefined): void {
  const body = recursiveBody(node, parent);
  if (body) rewriting.recursive.add(body);
  if (mayBeEndless(node, parent, rewriting.recursive)) insertCheck(node, rewriting);
  if (disposalOf(node, rewriting, parent)) insert(rewriting, node.start, `${rewriting.runtime}.use(`);
  if (isLateCallback(node, parent)) insert(rewriting, node.start, `${rewriting.runtime}.watched(`);
  ruleOf(node)?.enter?.(node, rewriting, parent);
  const name = inferredName(node, rewriting, parent);
  if (name !== undefined) insert(rewriting, node.start, `{ ${name}: `);
}

/** Applies the rules for a node after what is in it was rewritten. */
export function leaveNode(node: Node, rewriting: Rewriting, parent: Node | undefined): void {
  if (isFunction(node)) endFunction(node, rewriting, parent);
  const name = inferredName(node, rewriting, parent);
  if (name !== undefined) insert(rewriting, node.end, ` }.${name}`);
  ruleOf(node)?.leave?.(node, rewriting, parent);
  if (isLateCallback(node, parent)) insert(rewriting, node.end, ")");
  const disposal = disposalOf(node, rewriting, parent);
  if (disposal) insert(rewriting, node.end, `, ${disposal.async === true})`);
  if (mayBeEndless(node, parent, rewriting.recursive) && node.type !== "BlockStatement")
    insert(rewriting, node.end, isExpressionBody(node, rewriting) ? ")" : " }");
}

/** Lets code end that would else run on: outside the synchronous part of a cell nothing can stop it but itself. */
function insertCheck(node: Node, rewriting: Rewriting): void {
  const isAsked = `${rewriting.flags}[0] > ${running}`;
  const stop = `${rewriting.runtime}.resume()`;
  if (node.type === "BlockStatement") insert(rewriting, node.start + 1, `if (${isAsked}) ${stop};`);
  else if (isExpressionBody(node, rewriting)) insert(rewriting, node.start, `(${isAsked} && ${stop}, `);
  else insert(rewriting, node.start, `{ if (${isAsked}) ${stop};`);
}

/** Whether a node is the body of an arrow function without braces. */
function isExpressionBody(node: Node, { recursive }: Rewriting): boolean {
  return recursive.has(node);
}

function ruleOf(node: Node): Rule<Node> | undefined {
  return table[node.type];
}

function removeImport(
  node: Extract<Node, ESTree.ImportDeclaration | ESTree.ExportAllDeclaration>,
  rewriting: Rewriting,
): void {
  rewriting.text.remove(node.start, node.end);
  rewriting.imports.push(importRequestOf(node));
}

function isSessionName(node: ESTree.Node, { scope }: Rewriting): node is Identifier {
  return scope.references.has(node as Identifier) && (node as Identifier).name !== magicFunction;
}

function isCallee(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === "CallExpression") return parent.callee === node;
  return parent?.type === "TaggedTemplateExpression" && parent.tag === node;
}

function isDestructuring({ id, init }: ESTree.VariableDeclarator): boolean {
  return id.type === "ObjectPattern" && Boolean(init);
}

function isVar(declaration: Node | undefined): boolean {
  return declaration?.type === "VariableDeclaration" && declaration.kind === "var";
}

function uncertainTypeof(
  { operator, argument }: ESTree.UnaryExpression,
  { scope }: Rewriting,
): string | undefined {
  if (operator !== "typeof" || argument.type !== "Identifier") return undefined;
  return scope.references.get(argument as Identifier)?.own === false ? argument.name : undefined;
}

/** The name that JavaScript would give a function because of the variable it goes to; a property does not give it. */
function inferredName(node: Node, rewriting: Rewriting, parent: Node | undefined): string | undefined {
  if (!isAnonymousFunction(node)) return undefined;
  const target =
    parent?.type === "VariableDeclarator" && parent.init === node
      ? parent.id
      : parent?.type === "AssignmentExpression" && parent.operator === "=" && parent.right === node
        ? parent.left
        : undefined;
  return target && isSessionName(target, rewriting) ? target.name : undefined;
}

function isNamedDeclaration(node: ESTree.ExportDefaultDeclaration["declaration"]): boolean {
  return (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && Boolean(node.id);
}
