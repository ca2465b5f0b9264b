import { join } from "node:path";
import { constants, Script } from "node:vm";

import type { CommMessage } from "../../jupyter/commMessage.ts";
import type { CellRequest, Failure, Interpreter, Origin, Outcome } from "../core/interpreter.ts";
import { CellError } from "./cellError.ts";
import { CellRegistry } from "./cellRegistry.ts";
import { bindImports, ImportFailure } from "./bindImports.ts";
import { interruptFlagBytes, interruptFlags, type InterruptFlags } from "./interruptFlags.ts";
import { isInterruption, KernelInterrupt, Runs, wasBroken, type Run } from "./interruption.ts";
import { reportLateError } from "./lateErrors.ts";
import { ModuleImporter } from "./moduleImporter.ts";
import { tidyPromiseInspection } from "./promiseInspection.ts";
import { argumentsSymbol, type CellRuntime } from "./rewrite.ts";
import { SessionScope } from "./sessionScope.ts";
import { positionOf } from "./sourceMap.ts";
import { describeStack, installStackTrace, type StackFrame } from "./stackTrace.ts";
import { receiveComm } from "../../jupyter/comm.ts";
import { toBundle } from "../../jupyter/toBundle.ts";
import { describeCellError, describeFailure, describeImportFailure } from "./traceback.ts";
import { transform, type TransformedCell } from "./transform.ts";

/** The part of an interpreter that runs code, and therefore lives on the main thread. */
export interface Runner extends Pick<Interpreter, "execute" | "evaluate" | "comm" | "interrupt"> {
  /** Told before a signal breaks into synchronous code, which has no stack of its own when it ends so. */
  stoppedAt(frames: StackFrame[]): void;
}

/** Runs cells of TypeScript in this very process, in the context of Node's own globals. */
export class TypeScriptInterpreter implements Runner {
  readonly cells = new CellRegistry();
  readonly #scope = new SessionScope();
  readonly #directory: string;
  readonly #importer: ModuleImporter;
  readonly #flags: InterruptFlags;
  readonly #runs: Runs;
  #stopped: StackFrame[] = [];
  #files = 0;

  constructor({
    directory = process.cwd(),
    interruptMemory = new SharedArrayBuffer(interruptFlagBytes),
  } = {}) {
    this.#flags = interruptFlags(interruptMemory);
    this.#runs = new Runs(this.#flags);
    this.#directory = directory;
    this.#importer = new ModuleImporter(directory);
    installStackTrace(this.cells);
    tidyPromiseInspection();
  }

  /** Aborted when the user stops the cell that asks; a new one for each cell. */
  get signal(): AbortSignal {
    return this.#runs.signal;
  }

  execute({ code, count }: CellRequest, origin?: Origin): Promise<Outcome> {
    return this.#run(code, count === undefined ? "Cell [*]" : `Cell [${count}]`, origin);
  }

  evaluate(expression: string, origin?: Origin): Promise<Outcome> {
    return this.#run(`(${expression}\n)`, "Cell [*]", origin);
  }

  /** Hands a message to the object that it is for. What that throws is shown like any error that nobody caught. */
  async comm(message: CommMessage, origin?: Origin): Promise<void> {
    const run = this.#runs.start(origin);
    try {
      await run.race(() => receiveComm(message));
    } catch (error) {
      run.do(() => reportLateError(error, this.cells));
    } finally {
      this.#runs.end(run);
    }
  }

  interrupt(): void {
    this.#runs.interrupt();
  }

  /** Throws when the cell that asks was stopped. */
  check(): void {
    this.#runs.check();
  }

  stoppedAt(frames: StackFrame[]): void {
    this.#stopped = frames;
  }

  /** What a signal means: a stop for the cell that was asked to, and nothing for one that has started since. */
  signalled(): void {
    if (this.#flags.isRequested()) this.interrupt();
  }

  async #run(source: string, name: string, origin: Origin | undefined): Promise<Outcome> {
    const filename = join(this.#directory, `convoscope-cell-${++this.#files}.ts`);
    const run = this.#runs.start(origin);
    try {
      const cell = transform(source, { filename, session: this.#scope });
      this.cells.add(filename, { name, source, map: cell.map });
      const completed = await run.race(() => this.#start(cell, { filename, name, source }));
      const value = completed?.value;
      return value === undefined
        ? { status: "ok" }
        : { status: "ok", result: await run.race(() => toBundle(value)) };
    } catch (error) {
      if (error instanceof CellError) return describeCellError(error, { name, source });
      if (isInterruption(error) || this.#flags.isRequested()) return this.#describeInterruption(error, run);
      return error instanceof ImportFailure
        ? describeImportFailure(error, this.cells, { name, source })
        : describeFailure(error, this.cells);
    } finally {
      this.#runs.end(run);
    }
  }

  async #start(
    cell: TransformedCell,
    { filename, name, source }: { filename: string; name: string; source: string },
  ): Promise<{ value: unknown } | undefined> {
    const runtime: CellRuntime = {
      import: (specifier, options) => this.#importer.import(String(specifier), options as ImportCallOptions),
      meta: this.#importer.meta(filename),
      resume: (_, value) => this.#runs.check(value),
      awaiting: (offset) =>
        this.#runs.awaiting(() => {
          const { line, column } = positionOf(source, cell.sourceOffset(offset));
          return `    at ${name}:${line}:${column + 1}`;
        }),
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

  /** Whatever a cell throws when it is asked to stop, it was stopped: a command that is ended, for one, throws its own error. */
  async #describeInterruption(error: unknown, run: Run): Promise<Failure> {
    run.interrupt();
    const frames = await this.#framesOf(error, run);
    const interrupt = new KernelInterrupt();
    interrupt.stack = [String(interrupt), ...frames].join("\n");
    return { ...describeFailure(interrupt, this.cells), interrupted: true };
  }

  async #framesOf(error: unknown, run: Run): Promise<string[]> {
    if (wasBroken(error)) {
      // The place was sent before the signal, but this thread had no time to hear of it.
      await new Promise((resolve) => setImmediate(resolve));
      return describeStack(this.#stopped.splice(0), this.cells);
    }
    const frames = error instanceof Error ? (error.stack ?? "").split("\n    at ").slice(1) : [];
    // What waits has no stack. It was last seen where it began to wait.
    if (frames.some((frame) => frame.includes("Cell ["))) return frames.map((frame) => `    at ${frame}`);
    return run.awaited ? [run.awaited()] : [];
  }
}
