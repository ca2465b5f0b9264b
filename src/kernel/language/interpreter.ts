import { join } from "node:path";
import { types } from "node:util";
import { constants, Script } from "node:vm";

import { receiveComm } from "../../jupyter/comm.ts";
import type { CommMessage } from "../../jupyter/commMessage.ts";
import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import { toBundle } from "../../jupyter/toBundle.ts";
import type { CellRequest, Failure, Interpreter, Origin, Outcome, Payload } from "../core/interpreter.ts";
import { AsyncIteration } from "./asyncIteration.ts";
import { bindImports, ImportFailure } from "./bindImports.ts";
import { CellError } from "./cellError.ts";
import { CellRegistry } from "./cellRegistry.ts";
import type { Declared } from "./cellScope.ts";
import { Disposal } from "./disposal.ts";
import { installFunctionText } from "./functionText.ts";
import { interruptFlagBytes, interruptFlags, type InterruptFlags } from "./interruptFlags.ts";
import { InterruptReport } from "./interruptReport.ts";
import { isInterruption, Runs, type Run } from "./interruption.ts";
import { reportLateError } from "./lateErrors.ts";
import { runMagic } from "./magics/magics.ts";
import { ModuleImporter } from "./moduleImporter.ts";
import { tidyPromiseInspection } from "./promiseInspection.ts";
import { argumentsSymbol, type CellRuntime } from "./rewrite.ts";
import { SessionScope } from "./sessionScope.ts";
import { positionOf } from "./sourceMap.ts";
import { Steps } from "./steps.ts";
import { installStackTrace, type StackFrame } from "./stackTrace.ts";
import { describeCellError, describeFailure, describeImportFailure } from "./traceback.ts";
import { watched } from "./watched.ts";
import { transform, type TransformedCell } from "./transform.ts";
import { runtimeOptionsOf, type RuntimeOptions } from "./tsconfig.ts";

/** The part of an interpreter that runs code, and therefore lives on the main thread. */
export interface Runner extends Pick<Interpreter, "execute" | "evaluate" | "comm" | "interrupt"> {
  /** The names of the session, for whoever shows or completes them. */
  readonly scope: SessionScope;
  /** Told before a signal breaks into synchronous code, which has no stack of its own when it ends so. */
  stoppedAt(frames: StackFrame[]): void;
}

/** What is known of a name, as front ends show it; undefined when nothing is. */
export type InspectName = (name: string, detail: 0 | 1) => Promise<MimeBundle | undefined>;

export interface InterpreterOptions {
  /** The directory of the notebook, where modules are looked for. Default: the current one. */
  directory?: string;
  interruptMemory?: SharedArrayBuffer;
  /** Names that every cell has without import and may declare itself; no library sees them. Properties may be getters. */
  builtins?: object;
  /** Modules to give in the place of others, as URLs by the name that is imported. Default: none. */
  moduleOverrides?: Record<string, string>;
  /** Told of the process group of a `!command &` whose processes go on. Default: nobody is. */
  background?: (group: number) => void;
  /** Asked by `name?`. Default: only what the value itself tells. */
  inspect?: InspectName;
}

/** Runs cells of TypeScript in this very process, in the context of Node's own globals. */
export class TypeScriptInterpreter implements Runner {
  readonly cells = new CellRegistry();
  readonly scope: SessionScope;
  readonly #directory: string;
  readonly #importer: ModuleImporter;
  readonly #inspect: InspectName;
  readonly #background: (group: number) => void;
  readonly #flags: InterruptFlags;
  readonly #runs: Runs;
  readonly #report = new InterruptReport(this.cells);
  #lastResult: unknown;
  #files = 0;

  constructor({
    directory = process.cwd(),
    interruptMemory = new SharedArrayBuffer(interruptFlagBytes),
    builtins = {},
    moduleOverrides = {},
    background = () => undefined,
    inspect = () => Promise.resolve(undefined),
  }: InterpreterOptions = {}) {
    this.#flags = interruptFlags(interruptMemory);
    this.#runs = new Runs(this.#flags);
    this.#directory = directory;
    this.#inspect = inspect;
    this.#background = background;
    this.#importer = new ModuleImporter(directory, { overrides: moduleOverrides });
    this.scope = new SessionScope(this.#namesOfEveryCell(builtins));
    installStackTrace(this.cells);
    installFunctionText(this.cells);
    tidyPromiseInspection();
  }

  /** Aborted when the user stops the cell that asks; a new one for each cell. */
  get signal(): AbortSignal {
    return this.#runs.signal;
  }

  execute({ code, count }: CellRequest, origin?: Origin): Promise<Outcome> {
    return this.#run(code, { count, origin });
  }

  evaluate(expression: string, origin?: Origin): Promise<Outcome> {
    return this.#run(`(${expression}\n)`, { origin });
  }

  /** Hands a message to the object that it is for. What that throws is shown like any error that nobody caught. */
  async comm(message: CommMessage, origin?: Origin): Promise<void> {
    const run = this.#runs.start(origin);
    try {
      await run.race(async () => this.#runs.watch(() => receiveComm(message)));
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
    this.#report.stoppedAt(frames);
  }

  async #run(
    source: string,
    { count, origin }: { count?: number | undefined; origin: Origin | undefined },
  ): Promise<Outcome> {
    const name = `Cell [${count ?? "*"}]`;
    const filename = join(this.#directory, `convoscope-cell-${++this.#files}.ts`);
    const run = this.#runs.start(origin);
    const disposal = new Disposal(this.#runs.watch);
    const payload: Payload[] = [];
    let declared: Declared[] = [];
    try {
      const options = (): RuntimeOptions => runtimeOptionsOf(this.#directory);
      const cell = transform(source, { filename, session: this.scope, options });
      declared = cell.declared;
      this.cells.add(filename, { name, source, map: cell.map, originalOf: cell.originalOf });
      const runtime = this.#runtimeOf({ cell, run, name, source, filename, disposal, payload });
      if (cell.usesMeta) await this.#importer.prepareMeta();
      const completed = await run.race(() => this.#start(cell, filename, runtime));
      const value = completed?.value;
      const outcome: Outcome = { status: "ok", ...(payload.length > 0 && { payload }) };
      if (value !== undefined) {
        const result = await run.race(async () => this.#runs.watch(() => toBundle(value)));
        if (Object.keys(result.data).length > 0) outcome.result = result;
        if (count !== undefined) this.#lastResult = value;
      }
      await run.race(() => disposal.end());
      return outcome;
    } catch (thrown) {
      const { error } = await disposeAfter(thrown, run, disposal);
      return await this.#describe(error, run, { name, source });
    } finally {
      this.scope.forget(declared.filter(({ kind }) => kind === "using").map((each) => each.name));
      this.#runs.end(run);
    }
  }

  async #start(
    cell: TransformedCell,
    filename: string,
    runtime: CellRuntime,
  ): Promise<{ value: unknown } | undefined> {
    const imported = await bindImports(cell.imports, this.#importer);
    this.scope.declare(cell.declared);
    Object.assign(this.scope.object, imported);

    const script = new Script(cell.code, {
      filename,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    // Not enumerable: who prints the global object would look at names that are not there.
    Reflect.defineProperty(globalThis, argumentsSymbol, {
      value: [this.scope.object, runtime, this.#flags.memory],
      enumerable: false,
      writable: true,
      configurable: true,
    });
    this.#runs.check();
    return (await this.#runs.watch(() => script.runInThisContext() as unknown)) as
      { value: unknown } | undefined;
  }

  /** What the code of one cell calls. */
  #runtimeOf({ cell, run, name, source, filename, disposal, payload }: RunningCell): CellRuntime {
    const declared = new Set(cell.declared.map((each) => each.name));
    return {
      import: (specifier, options) => this.#importer.import(String(specifier), options as ImportCallOptions),
      meta: this.#importer.meta(filename),
      awaiting: (offset) =>
        this.#runs.awaiting(() => {
          const { line, column } = positionOf(source, cell.sourceOffset(offset));
          return `    at ${name}:${line}:${column + 1}`;
        }),
      resume: (_, value) => this.#runs.check(value),
      steps: (generator) => new Steps(generator, this.#runs.watch),
      watched: (callback) => watched(callback, this.#runs.watch),
      iterate: (iterable) => new AsyncIteration(iterable),
      use: (value, isAsync) => disposal.use(value, isAsync),
      magic: (index, expression) =>
        runMagic({
          ...cell.magics[index]!,
          expression,
          scope: this.scope,
          declared,
          directory: this.#directory,
          signal: run.signal,
          watch: this.#runs.watch,
          checkInterruption: () => this.check(),
          ask: (each) => void payload.push(each),
          background: this.#background,
          inspect: this.#inspect,
        }),
    };
  }

  /** How a cell failed. Whatever it throws when it is asked to stop, it was stopped: a command that is ended throws, too. */
  async #describe(error: unknown, run: Run, cell: { name: string; source: string }): Promise<Failure> {
    // A proxy answers no questions about what it is.
    if (types.isProxy(error)) return describeFailure(error, this.cells);
    if (error instanceof CellError) return describeCellError(error, cell);
    if (isInterruption(error) || this.#flags.isRequested()) return this.#report.describe(error, run);
    return error instanceof ImportFailure
      ? describeImportFailure(error, this.cells, cell)
      : describeFailure(error, this.cells);
  }

  #namesOfEveryCell(builtins: object): object {
    const { require } = this.#importer;
    const own = {
      require,
      __dirname: this.#directory,
      __filename: join(this.#directory, "convoscope-cell.ts"),
    };
    Reflect.defineProperty(own, "_", { get: () => this.#lastResult });
    return Object.defineProperties(own, Object.getOwnPropertyDescriptors(builtins));
  }
}

/**
 * Disposes of the values of a cell that has failed, and gives the error to show: disposing may fail as well. The error comes in an
 * object, because what a cell throws may be a promise, or a proxy that bears no question.
 */
async function disposeAfter(thrown: unknown, run: Run, disposal: Disposal): Promise<{ error: unknown }> {
  try {
    await run.race(() => disposal.end());
    return { error: thrown };
  } catch (error) {
    if (isInterruption(error)) return { error: thrown };
    const message = "the cell failed, and so did disposing of its values";
    return { error: new AggregateError([thrown, error], message) };
  }
}

/** A cell and what it has to do with one run of it. */
interface RunningCell {
  cell: TransformedCell;
  run: Run;
  name: string;
  source: string;
  filename: string;
  disposal: Disposal;
  payload: Payload[];
}
