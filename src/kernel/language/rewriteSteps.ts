import { nameOf, type FunctionNode } from "./endless.ts";
import { insert, type Rewriting } from "./rewriting.ts";
import type { ESTree, Node } from "./syntaxTree.ts";

const keyword = "await";

/**
 * Nothing can break what JavaScript runs by itself behind an `await`. So the code of a cell, and of its async functions, becomes a
 * generator that yields where it awaited, and the function around it waits, and takes one step after the other: see {@link Steps}.
 *
 *     async function f() { const $s = $k.steps(({ *f() { … yield [0, x] … } }).f.call(this)); while ($s.next()) try {
 *       switch ($s.site) { case 0: $s.value =
 *     await
 *     $s.value; break; … } } catch (e) { $s.fail(e); } return $s.value; }
 *
 * The word `await` moves there with its place in the source, so that stacks through it name that. The rest is on lines
 * that stand for none, so that they name nothing else.
 */
export const awaitRule = {
  enter(node: ESTree.AwaitExpression & Node, rewriting: Rewriting): void {
    const { runtime } = rewriting;
    const awaits = rewriting.awaits.at(-1);
    const site = awaits ? `yield [${awaits.push(node.start) - 1}, ` : "";
    insert(rewriting, node.start, `${runtime}.resume(${runtime}.awaiting(${node.start}), ${site}`);
  },
  leave(node: ESTree.AwaitExpression & Node, rewriting: Rewriting): void {
    insert(rewriting, node.end, rewriting.awaits.at(-1) ? "])" : ")");
  },
};

export function enterFunction(node: FunctionNode, rewriting: Rewriting): void {
  rewriting.awaits.push(canTakeSteps(node, rewriting) ? [] : undefined);
}

export function endFunction(node: FunctionNode, rewriting: Rewriting, parent: Node | undefined): void {
  const awaits = rewriting.awaits.pop();
  if (!awaits || awaits.length === 0) return;
  const body = node.body as Node;
  const name = nameOf(node, parent) ?? "";
  const usesArguments = node.type !== "ArrowFunctionExpression" && mentions(node, rewriting, /\barguments\b/);
  const call = usesArguments ? ".apply(this, arguments)" : ".call(this)";
  const start = stepsStart(rewriting, name);
  if (body.type === "BlockStatement") {
    insert(rewriting, body.start + 1, start);
    return endSteps(rewriting, { awaits, name, end: body.end - 1, call });
  }
  // The body may stand in brackets, which belong to no node.
  const arrow = rewriting.code.lastIndexOf("=>", body.start) + "=>".length;
  insert(rewriting, arrow, `{ ${start}return (`);
  insert(rewriting, node.end, ");");
  endSteps(rewriting, { awaits, name, end: node.end, call, behind: "}" });
}

/** What comes before the code that is made a generator. A method has a name that stacks show, and that hides none in its code. */
export function stepsStart({ steps, runtime }: Rewriting, name: string): string {
  return `const ${steps} = ${runtime}.steps((${name === "" ? "function* " : `{ *${name}`}() {`;
}

interface StepsEnd {
  /** The offsets of the words `await`. */
  awaits: number[];
  name: string;
  /** Where the code ends. */
  end: number;
  /** How the generator is called. */
  call: string;
  /** What comes last. */
  behind?: string;
}

/** What comes behind the code that is made a generator. */
export function endSteps(rewriting: Rewriting, { awaits, name, end, call, behind = "" }: StepsEnd): void {
  const { text, steps } = rewriting;
  const generator = name === "" ? `})${call}` : `} }).${name}${call}`;
  insert(rewriting, end, `\n${generator}); while (${steps}.next()) try { switch (${steps}.site) {`);
  awaits.forEach((start, site) => {
    const wordEnd = start + keyword.length;
    text.move(start, wordEnd, end);
    text.prependRight(start, ` case ${site}: ${steps}.value =\n`);
    text.appendLeft(wordEnd, `\n${steps}.value; break;`);
    rewriting.ends.set(end, wordEnd);
  });
  insert(rewriting, end, ` } } catch (e) { ${steps}.fail(e); } return ${steps}.value; ${behind}`);
}

/**
 * Whether a function may become one around a generator. What a generator does not have from the function around it is `super` and
 * `new.target`, and the arguments of an arrow function; what is declared both by parameters and in the body would be two variables.
 */
function canTakeSteps(node: FunctionNode, rewriting: Rewriting): boolean {
  if (node.async !== true || node.generator === true) return false;
  const isArrow = node.type === "ArrowFunctionExpression";
  return (
    !mentions(
      node,
      rewriting,
      isArrow ? /\b(super|new\.target|eval|arguments)\b/ : /\b(super|new\.target|eval)\b/,
    ) && !rewriting.scope.declaresTwice(node)
  );
}

/** Also in strings and comments: then too much is taken care of. */
function mentions({ start, end }: FunctionNode, { code }: Rewriting, word: RegExp): boolean {
  return word.test(code.slice(start, end));
}
