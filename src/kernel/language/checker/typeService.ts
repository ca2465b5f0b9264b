import { resolve } from "node:path";
import ts from "typescript";

import type { MimeBundle } from "../../../jupyter/mimeBundle.ts";
import { CellModules } from "./cellModules.ts";
import { completeAt, wordBefore, type TypedCompletion } from "./complete.ts";
import { diagnosticsOfCell } from "./diagnose.ts";
import type { Diagnostic } from "./diagnostic.ts";
import {
  describeCall,
  describeQuickInfo,
  toMimeBundle,
  type Definition,
  type TypedInspection,
} from "./inspect.ts";
import { notebookGlobals, type AmbientFile } from "./notebookGlobals.ts";
import { ServiceHost } from "./serviceHost.ts";
import { untypedAt } from "./untypedAt.ts";

/** A cell that has run, or is about to. */
export interface CheckedCell {
  /** Any number that no other cell has. */
  id: number;
  code: string;
}

export interface TypeServiceOptions {
  /** Where the notebook is: imports, tsconfig.json and packages are looked for from here. */
  directory: string;
  /** Declarations that every cell sees. Default: what the kernel gives to cells. */
  ambient?: readonly AmbientFile[];
  /** Asked now and then during a check; when true the check throws TypeScript's OperationCanceledException. Default never. */
  isCancelled?: () => boolean;
}

/**
 * The types of a session, by TypeScript's language service. Everything happens at once and on the caller's thread; see
 * `Checker` for the one that others wait for.
 */
export class TypeService {
  readonly #directory: string;
  readonly #cells = new CellModules();
  readonly #host: ServiceHost;
  readonly #service: ts.LanguageService;
  #checking = false;

  constructor({ directory, ambient = [notebookGlobals()], isCancelled = () => false }: TypeServiceOptions) {
    this.#directory = resolve(directory);
    this.#host = new ServiceHost({
      directory: this.#directory,
      cells: this.#cells,
      ambient,
      isCancelled: () => this.#checking && isCancelled(),
    });
    this.#service = ts.createLanguageService(this.#host, lastingRegistry());
  }

  /** Loads the types that every session needs, and the code that answers. */
  warmUp(): void {
    const code = "const words = [1].map(String); console.log(words.join());\nwords.";
    this.complete(code, code.length);
    this.inspect(code, code.indexOf("words"), 1);
    this.#service.getSemanticDiagnostics(this.#host.draft);
  }

  /** Adds a cell to the session. */
  add({ id, code }: CheckedCell): void {
    this.#cells.add(id, code);
  }

  /** What is wrong with the types of a cell of the session; nothing when it cannot be parsed, which the kernel reports. */
  diagnose(id: number): Diagnostic[] {
    const cell = this.#cells.get(id);
    if (cell === undefined) return [];
    this.#show(cell.text);
    this.#checking = true;
    try {
      if (this.#service.getSyntacticDiagnostics(this.#host.draft).length > 0) return [];
      return diagnosticsOfCell(this.#service.getSemanticDiagnostics(this.#host.draft), cell);
    } finally {
      this.#checking = false;
    }
  }

  /** Forgets a cell that did not run. */
  remove(id: number): void {
    this.#cells.remove(id);
  }

  /** Forgets all cells. */
  reset(): void {
    this.#cells.clear();
  }

  /** What may stand at an offset of a cell that is being written. */
  complete(code: string, offset: number): TypedCompletion {
    const draft = this.#cells.draft(code, nameBefore(code, offset));
    this.#show(draft.text);
    return completeAt({
      service: this.#service,
      file: this.#host.draft,
      position: draft.offset + offset,
      offset: draft.offset,
    });
  }

  /** What is known of the name at an offset, else of the call around it; with detail 1 its source as well. */
  inspect(code: string, offset: number, detail: 0 | 1): TypedInspection {
    const draft = this.#cells.draft(code);
    this.#show(draft.text);
    const place = draft.offset + offset;
    const untyped = untypedAt(this.#service.getProgram()!, this.#host.draft, place, draft.offset);
    const bundle = this.#describe(draft, offset, detail);
    return { ...(bundle && { bundle }), ...(untyped !== undefined && { untyped }) };
  }

  #describe(draft: { offset: number }, offset: number, detail: 0 | 1): MimeBundle | undefined {
    // TypeScript counts a place behind a name as on it.
    const here = { file: this.#host.draft, position: draft.offset + offset };
    const info = this.#service.getQuickInfoAtPosition(here.file, here.position);
    // `any` alone is what TypeScript says of names that it does not know.
    if (info !== undefined && ts.displayPartsToString(info.displayParts) !== "any") {
      const place = this.#declaredAt(here.position, draft.offset);
      // Here is known what a call makes of a generic function, and there the comment.
      const { documentation = [], tags = [] } =
        this.#service.getQuickInfoAtPosition(place.file, place.position) ?? info;
      const definition = detail === 1 ? this.#definitionAt(place) : undefined;
      return toMimeBundle(describeQuickInfo({ ...info, documentation, tags }), definition, this.#directory);
    }
    const call = this.#service.getSignatureHelpItems(this.#host.draft, draft.offset + offset, undefined);
    return call && toMimeBundle(describeCall(call), undefined, this.#directory);
  }

  /** Where a name is best asked about: a variable of an earlier cell there, which knows its comment, and others here. */
  #declaredAt(position: number, offset: number): Place {
    const here = { file: this.#host.draft, position };
    const definition = this.#service.getDefinitionAtPosition(here.file, position)?.[0];
    if (definition === undefined) return here;
    const { fileName: file, name, contextSpan } = definition;
    const ambient = this.#host.ambientText(file);
    if (ambient !== undefined && contextSpan !== undefined) {
      // The declaration ends with the name of what it stands for.
      return { file, position: ambient.lastIndexOf(name, contextSpan.start + contextSpan.length) };
    }
    if (file !== here.file || definition.textSpan.start >= offset) return here;
    const cell = this.#cells.definer(name);
    const declared = cell?.declared.get(name);
    return declared ? { file: this.#host.pathOf(cell!.id), position: cell!.offset + declared.start } : here;
  }

  #definitionAt({ file, position }: Place): Definition | undefined {
    const definition = this.#service.getDefinitionAtPosition(file, position)?.[0];
    if (definition === undefined) return undefined;
    const { fileName, contextSpan, textSpan } = definition;
    const source = this.#service.getProgram()!.getSourceFile(fileName);
    const { start, length } = contextSpan ?? textSpan;
    const text = source?.text.slice(start, start + length);
    // A whole module has no text of its own.
    if (!text) return undefined;
    return { text, ...(!this.#host.isCell(fileName) && { file: fileName }) };
  }

  #show(text: string): void {
    this.#host.refresh();
    this.#host.write(text);
  }
}

/** The beginning of a name of the session; undefined where a member of something is written. */
function nameBefore(code: string, offset: number): string | undefined {
  const word = wordBefore(code, offset);
  return /\.\s*$/.test(code.slice(0, offset - word.length)) ? undefined : word;
}

interface Place {
  file: string;
  position: number;
}

/** Keeps what it has parsed: the next cell may use the package again that this one does not. */
function lastingRegistry(): ts.DocumentRegistry {
  const registry = ts.createDocumentRegistry();
  return { ...registry, releaseDocument: () => undefined, releaseDocumentWithKey: () => undefined };
}
