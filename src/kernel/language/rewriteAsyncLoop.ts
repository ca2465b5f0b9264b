import { insert, type Rewriting } from "./rewriting.ts";
import type { ESTree, Node } from "./syntaxTree.ts";

type ForOf = ESTree.ForOfStatement & Node;
type Statement = ForOf | (ESTree.LabeledStatement & Node);

/**
 * A generator cannot contain `for await (LEFT of RIGHT) BODY`, which therefore becomes
 *
 *     { const $i = $k.iterate(RIGHT); try {
 *       while (!$i.isLeft && $i.take(yield [0, $i.next()])) for (LEFT of $i.item()) BODY
 *     } catch (e) { $i.fail(e); } finally { if ($i.isLeft) yield [0, $i.close()]; $i.end(); } }
 *
 * with its labels behind `while`, so that `break` leaves the loop within, and `continue` does not: see {@link AsyncIteration}.
 */
export function enterAsyncLoop(node: Statement, rewriting: Rewriting, parent: Node | undefined): void {
  const parts = partsOf(node, rewriting, parent);
  if (!parts) return;
  const { text, iteration, runtime } = rewriting;
  const { awaits, left, word, of, close } = parts;
  awaits.push(word);
  insert(rewriting, node.start, `{ const ${iteration} = ${runtime}.iterate(`);
  text.move(of.end, close, node.start);
  // `for await` is `for`, and the word itself moves to where the cell waits.
  text.overwrite(left.end, of.end, ` of ${iteration}.item()`);
}

export function endAsyncLoop(node: Statement, rewriting: Rewriting, parent: Node | undefined): void {
  const parts = partsOf(node, rewriting, parent);
  if (!parts) return;
  const { iteration, runtime } = rewriting;
  const { awaits, start, word, close } = parts;
  const site = awaits.indexOf(word);
  const answer = `yield [${site}, ${iteration}.next(${runtime}.awaiting(${start}))]`;
  insert(rewriting, close, `); try { while (!${iteration}.isLeft && ${iteration}.take(${answer})) `);
  const closing = `if (${iteration}.isLeft) yield [${site}, ${iteration}.close()]`;
  insert(
    rewriting,
    node.end,
    ` } catch (e) { ${iteration}.fail(e); } finally { ${closing}; ${iteration}.end(); } }`,
  );
}

/** The loop with `for await` that a statement is, with labels or without; undefined for other statements. */
function asyncLoopOf(node: ESTree.Node): ForOf | undefined {
  if (node.type === "LabeledStatement") return asyncLoopOf(node.body);
  return node.type === "ForOfStatement" && node.await ? (node as ForOf) : undefined;
}

interface Parts {
  /** What the function around the loop awaits. */
  awaits: number[];
  start: number;
  left: Node;
  /** Where the word `await` is. */
  word: number;
  of: { end: number };
  /** Where the bracket behind what it goes through is. */
  close: number;
}

/**
 * Where the pieces of a loop are that is to be rewritten; undefined for other statements, and behind a label, which was given the loop
 * with it. What is in brackets is in none of the tree's nodes.
 */
function partsOf(node: Statement, { code, awaits }: Rewriting, parent: Node | undefined): Parts | undefined {
  const loop = parent?.type === "LabeledStatement" ? undefined : asyncLoopOf(node);
  const own = awaits.at(-1);
  if (!loop || !own) return undefined;
  const [left, right, body] = [loop.left, loop.right, loop.body] as Node[] as [Node, Node, Node];
  return {
    awaits: own,
    start: loop.start,
    left,
    word: code.indexOf("await", loop.start),
    of: { end: left.end + withoutComments(code.slice(left.end, right.start)).indexOf("of") + "of".length },
    close: right.end + withoutComments(code.slice(right.end, body.start)).lastIndexOf(")"),
  };
}

/** The same text with blanks for comments. */
function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, (comment) => " ".repeat(comment.length));
}
