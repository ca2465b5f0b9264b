import MagicString from "magic-string";

import type { AsyncIteration } from "./asyncIteration.ts";
import type { CellScope } from "./cellScope.ts";
import type { ImportRequest } from "./importRequest.ts";
import { enterNode, leaveNode } from "./rewriteRules.ts";
import { endSteps, stepsStart } from "./rewriteSteps.ts";
import type { Rewriting } from "./rewriting.ts";
import type { Steps } from "./steps.ts";
import { walk, type Program } from "./syntaxTree.ts";

export interface Rewritten {
  text: MagicString;
  imports: ImportRequest[];
  /** Whether the cell has an `import.meta`. */
  usesMeta: boolean;
}

/** Where the script finds its arguments: the scope object of the session, the {@link CellRuntime} of the cell, and the interrupt flags. */
export const argumentsSymbol = Symbol.for("convoscope.cell");

/** What rewritten code calls. */
export interface CellRuntime {
  import(specifier: unknown, options?: unknown): Promise<unknown>;
  readonly meta: object;
  /** Called before something is awaited, with its offset in the JavaScript that was rewritten. */
  awaiting(this: void, offset: number): void;
  /** Called with every value that was awaited, and by loops that are asked to stop: here an interrupted cell ends. */
  resume(this: void, _?: void, value?: unknown): unknown;
  /** Takes the code of a cell or of an async function, which is made a generator that yields what is to be awaited. */
  steps(this: void, generator: Generator<[site: number, awaited: unknown]>): Steps;
  /** Takes a function that is called later, and gives one that the stop button reaches; other values come back as they are. */
  watched(this: void, callback: unknown): unknown;
  /** Takes what a loop with `for await` goes through. */
  iterate(this: void, iterable: unknown): AsyncIteration;
  /** Runs a magic of the cell, by its number; with what it measures, if it measures. */
  magic(index: number, expression?: () => unknown): Promise<unknown>;
  /** Takes a value that a cell declares with `using`, to dispose of it when the cell has ended. Gives it back. */
  use(value: unknown, isAsync: boolean): unknown;
}

/**
 * Rewrites a cell so that its top-level names live in an object that outlasts it: `let x = f(1)` becomes
 * `$.x = (0, $.f)(1)`. Everything else stays at its place, line by line. The code must end each statement with a semicolon,
 * as the printer of the step before does; insertions rely on it.
 */
export function rewrite(code: string, program: Program, scope: CellScope): Rewritten {
  const rewriting: Rewriting = {
    code,
    text: new MagicString(code),
    scope,
    session: scope.unusedName("$"),
    runtime: scope.unusedName("$k"),
    flags: scope.unusedName("$f"),
    steps: scope.unusedName("$s"),
    iteration: scope.unusedName("$i"),
    last: program.body.findLast((node) => !isNothing(node)),
    disposable: new Map(
      scope.declared.filter(({ kind }) => kind === "using").map((each) => [each.name, each]),
    ),
    imports: [],
    hoisted: [],
    loopTargets: new Set(),
    recursive: new Set(),
    awaits: [[]],
    ends: new Map(),
    usesMeta: false,
  };
  walk(program, {
    enter: (node, parent) => enterNode(node, rewriting, parent),
    leave: (node, parent) => leaveNode(node, rewriting, parent),
  });

  const { text, imports, session, runtime, flags, hoisted } = rewriting;
  const [awaits] = rewriting.awaits;
  const isAsync = awaits!.length > 0;
  const hoists = hoisted.map((name) => `${session}.${name} = ${name}; `).join("");
  const start = isAsync ? stepsStart(rewriting, "") : "";
  text.prepend(
    `(${isAsync ? "async " : ""}function (${session}, ${runtime}, ${flags}) {"use strict"; ${start}${hoists}`,
  );
  if (isAsync) endSteps(rewriting, { awaits: awaits!, name: "", end: code.length, call: "()" });
  text.append(`\n}).apply(void 0, globalThis[Symbol.for("${argumentsSymbol.description}")])`);
  return { text, imports, usesMeta: rewriting.usesMeta };
}

/** Statements that are no one's result: a stray semicolon, and the `export {}` that says that a file is a module. */
function isNothing(node: Program["body"][number]): boolean {
  if (node.type === "EmptyStatement") return true;
  return node.type === "ExportNamedDeclaration" && !node.declaration && node.specifiers.length === 0;
}
