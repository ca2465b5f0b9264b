import { join } from "node:path";
import { constants, Script } from "node:vm";

import type {
  CellRequest,
  Completeness,
  Failure,
  Interpreter,
  LanguageInfo,
  Outcome,
} from "../core/interpreter.ts";
import { CellError } from "./cellError.ts";
import { CellRegistry } from "./cellRegistry.ts";
import { bindImports, ImportFailure } from "./bindImports.ts";
import { interruptFlagBytes, interruptFlags, type InterruptFlags } from "./interruptFlags.ts";
import { checkInterruption, Interruption, isInterruption, KernelInterrupt } from "./interruption.ts";
import { languageInfo } from "./languageInfo.ts";
import { ModuleImporter } from "./moduleImporter.ts";
import { tidyPromiseInspection } from "./promiseInspection.ts";
import { argumentsSymbol, type CellRuntime } from "./rewrite.ts";
import { SessionScope } from "./sessionScope.ts";
import { installStackTrace } from "./stackTrace.ts";
import { toBundle } from "../../jupyter/toBundle.ts";
import { describeCellError, describeFailure, describeImportFailure } from "./traceback.ts";
import { transform, type TransformedCell } from "./transform.ts";

/** Runs cells of TypeScript in this very process, in the context of Node's own globals. */
export class TypeScriptInterpreter implements Interpreter {
  readonly languageInfo: LanguageInfo = languageInfo;
  readonly banner = `TypeScript on Node.js ${process.version} (Convoscope)`;
  readonly helpLinks = [
    { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
    { text: "Node.js", url: `https://nodejs.org/docs/${process.version}/api/` },
  ];
  readonly cells = new CellRegistry();
  readonly #scope = new SessionScope();
  readonly #directory: string;
  readonly #importer: ModuleImporter;
  readonly #flags: InterruptFlags;
  #interruption: Interruption;
  #runs = 0;

  constructor({
    directory = process.cwd(),
    interruptMemory = new SharedArrayBuffer(interruptFlagBytes),
  } = {}) {
    this.#flags = interruptFlags(interruptMemory);
    this.#interruption = new Interruption(this.#flags);
    this.#interruption.end();
    this.#directory = directory;
    this.#importer = new ModuleImporter(directory);
    installStackTrace(this.cells);
    tidyPromiseInspection();
  }

  /** Aborted when the user stops the cell that is running; a new one for each cell. */
  get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  execute({ code, count }: CellRequest): Promise<Outcome> {
    return this.#run(code, count === undefined ? "Cell [*]" : `Cell [${count}]`);
  }

  evaluate(expression: string): Promise<Outcome> {
    return this.#run(`(${expression}\n)`, "Cell [*]");
  }

  async isComplete(code: string): Promise<Completeness> {
    const { completeness } = await import("./completeness.ts");
    return completeness(code);
  }

  interrupt(): void {
    this.#interruption.interrupt();
  }

  /** What a signal means: a stop for the cell that was asked to, and nothing for one that has started since. */
  signalled(): void {
    if (this.#flags.isRequested()) this.interrupt();
  }

  async #run(source: string, name: string): Promise<Outcome> {
    const filename = join(this.#directory, `convoscope-cell-${++this.#runs}.ts`);
    const interruption = (this.#interruption = new Interruption(this.#flags));
    try {
      const cell = transform(source, { filename, session: this.#scope });
      this.cells.add(filename, { name, source, map: cell.map });
      const completed = await interruption.race(() => this.#start(cell, filename));
      const value = completed?.value;
      return value === undefined
        ? { status: "ok" }
        : { status: "ok", result: await interruption.race(() => toBundle(value)) };
    } catch (error) {
      if (error instanceof CellError) return describeCellError(error, { name, source });
      if (isInterruption(error)) return this.#describeInterruption(error);
      return error instanceof ImportFailure
        ? describeImportFailure(error, this.cells, { name, source })
        : describeFailure(error, this.cells);
    } finally {
      interruption.end();
    }
  }

  async #start(cell: TransformedCell, filename: string): Promise<{ value: unknown } | undefined> {
    const runtime: CellRuntime = {
      import: (specifier, options) => this.#importer.import(String(specifier), options as ImportCallOptions),
      meta: this.#importer.meta(filename),
      resume: checkInterruption,
    };
    const imported = await bindImports(cell.imports, this.#importer);
    this.#scope.declare(cell.declared);
    Object.assign(this.#scope.object, imported);

    const script = new Script(cell.code, {
      filename,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    (globalThis as Record<symbol, unknown>)[argumentsSymbol] = [
      this.#scope.object,
      runtime,
      this.#flags.memory,
    ];
    // Synchronous code is stopped by the signal itself; the option makes V8 stop and throw here.
    return (await script.runInThisContext({ breakOnSigint: true })) as { value: unknown } | undefined;
  }

  /** V8 breaks synchronous code without our help; the signal and whatever else waits must hear of it too. */
  #describeInterruption(error: unknown): Failure {
    this.#interruption.interrupt();
    const interrupt = error instanceof KernelInterrupt ? error : new KernelInterrupt();
    return { ...describeFailure(interrupt, this.cells), interrupted: true };
  }
}
