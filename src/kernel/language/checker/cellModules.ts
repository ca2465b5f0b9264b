import ts from "typescript";

import { declaredNames, type DeclaredName } from "./declaredNames.ts";

/** A cell as a module that later cells import from. */
export interface CellModule {
  id: number;
  /** Another one each time a cell of this number is added. */
  version: number;
  /** The preamble, the cell, and a line that exports its names. */
  text: string;
  /** How far the cell's text is behind the start of `text`. */
  offset: number;
  /** How long the cell's text is. */
  length: number;
  declared: ReadonlyMap<string, DeclaredName>;
}

/** A text that sees the session, and where in it the text of the cell begins. */
export interface Draft {
  text: string;
  offset: number;
}

/** The specifier by which cells import each other. */
export const cellSpecifier = (id: number): string => `./convoscope-cell-${id}`;

/**
 * The cells of a session, in the order they ran. Each is a module that imports the names it uses from the cell that declared
 * them last; a name it declares itself is left out, so that any name may be declared again with another type. A module never
 * changes once it is there: a new cell costs one file.
 */
export class CellModules {
  readonly #cells = new Map<number, CellModule>();
  #versions = 0;

  /** Another one when a cell has come. */
  get version(): number {
    return this.#versions;
  }

  get(id: number): CellModule | undefined {
    return this.#cells.get(id);
  }

  add(id: number, code: string): CellModule {
    this.#cells.delete(id);
    const declared = namesIn(code);
    const preamble = this.#preamble(identifiersIn(code), declared);
    const exports = [...declared.values()]
      .filter(({ exported, kind }) => !exported && kind !== "disposable")
      .map(({ name }) => name);
    const cell: CellModule = {
      id,
      version: ++this.#versions,
      text: `${preamble}${code}\nexport { ${exports.join(", ")} };\n`,
      offset: preamble.length,
      length: code.length,
      declared,
    };
    this.#cells.set(id, cell);
    return cell;
  }

  remove(id: number): void {
    this.#cells.delete(id);
  }

  clear(): void {
    this.#cells.clear();
  }

  /**
   * Code that is being written, with the session's names that it uses before it, and those that begin like the word at the
   * cursor.
   */
  draft(code: string, beginning?: string): Draft {
    const used = identifiersIn(code);
    if (beginning !== undefined) {
      for (const name of this.#definers().keys()) if (name.startsWith(beginning)) used.add(name);
    }
    const preamble = this.#preamble(used, namesIn(code));
    return { text: preamble + code, offset: preamble.length };
  }

  /** The cell that declared a name last. */
  definer(name: string): CellModule | undefined {
    return this.#definers().get(name);
  }

  #definers(): Map<string, CellModule> {
    const definers = new Map<string, CellModule>();
    for (const cell of this.#cells.values()) {
      for (const { name, kind } of cell.declared.values()) {
        if (kind === "disposable") definers.delete(name);
        else definers.set(name, cell);
      }
    }
    return definers;
  }

  /** One line: the comment that a cell begins with belongs to the cell only when it does not stand behind something. */
  #preamble(used: ReadonlySet<string>, own: ReadonlyMap<string, unknown>): string {
    let preamble = "";
    for (const [name, cell] of this.#definers()) {
      if (used.has(name) && !own.has(name)) preamble += bring(cell.declared.get(name)!, cell.id);
    }
    return `${preamble}\n`;
  }
}

/** An import cannot be assigned to, and a variable of an earlier cell can. */
function bring({ name, kind }: DeclaredName, id: number): string {
  const from = JSON.stringify(cellSpecifier(id));
  if (kind === "other") return `import { ${name} } from ${from}; `;
  return `declare ${kind === "constant" ? "const" : "let"} ${name}: typeof import(${from}).${name}; `;
}

function namesIn(code: string): Map<string, DeclaredName> {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  return new Map(declaredNames(file).map((declared) => [declared.name, declared]));
}

function identifiersIn(code: string): Set<string> {
  return new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
}
