import { createHash } from "node:crypto";
import { Script } from "node:vm";
import { InputError } from "../errors.ts";
import { hasTag, type CodeCell, type Notebook } from "./nbformat.ts";

export type Parameters = Record<string, unknown>;

const injected = "injected-parameters";

/**
 * Reads `name=value`: JSON where it is JSON (`epochs=2`, `flip=true`, `layers=[32,64]`), else the text as it stands.
 *
 * @throws InputError when there is no `=`, or the name is none that a cell could declare
 */
export function parseParameter(
  text: string,
  { who = "--param" }: { who?: string } = {},
): [name: string, value: unknown] {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0)).trim();
  if (equals < 0 || !isDeclarable(name)) {
    throw new InputError({
      who,
      expected: "name=value",
      found: JSON.stringify(text),
      fix: "for example --param epochs=2",
    });
  }
  return [name, parseValue(text.slice(equals + 1))];
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isDeclarable(name: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return false;
  try {
    // The engine knows the reserved words.
    new Script(`"use strict"; let ${name};`);
    return true;
  } catch {
    return false;
  }
}

/**
 * A notebook with a cell that sets `parameters`, right after the cell tagged `parameters` (at the top if there is none), in
 * the place of one that was injected before. The tags are papermill's.
 *
 * The cell declares anew with `let` and does not assign: the notebook's own declaration is often a `const`, which a kernel
 * that lets everything be declared anew does not mind, whereas an assignment to it is an error for V8 and for the type
 * checker. `let` and not `const`, since `const epochs = 2` has the type `2` and a later `epochs === 30` would be reported.
 */
export function injectParameters(notebook: Notebook, parameters: Parameters): Notebook {
  const cells = notebook.cells.filter((cell) => !hasTag(cell, injected));
  const lines = Object.entries(parameters).map(([name, value]) => `let ${name} = ${JSON.stringify(value)};`);
  const source = ["// set by --param", ...lines].join("\n");
  const cell: CodeCell = {
    id: `param-${createHash("sha256").update(source).digest("hex").slice(0, 8)}`,
    cell_type: "code",
    source,
    metadata: { tags: [injected] },
    execution_count: null,
    outputs: [],
  };
  const place = cells.findIndex((candidate) => hasTag(candidate, "parameters")) + 1;
  return { ...notebook, cells: [...cells.slice(0, place), cell, ...cells.slice(place)] };
}

/** The parameters that the cell tagged `parameters` does not mention, most likely misspelt; none if there is no such cell. */
export function unknownParameters(notebook: Notebook, parameters: Parameters): string[] {
  const cell = notebook.cells.find((candidate) => hasTag(candidate, "parameters"));
  if (cell === undefined) return [];
  const words = new Set(cell.source.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
  return Object.keys(parameters).filter((name) => !words.has(name));
}
