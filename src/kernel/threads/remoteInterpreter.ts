import type { MessagePort } from "node:worker_threads";

import type { CommMessage } from "../../jupyter/commMessage.ts";
import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import type {
  CellRequest,
  Completeness,
  Completion,
  Frontend,
  Interpreter,
  Origin,
  Outcome,
  Variable,
} from "../core/interpreter.ts";
import type { DescribeLive } from "../language/checker/liveDescription.ts";
import { banner, helpLinks, languageInfo } from "../language/languageInfo.ts";
import type { BackgroundJobs } from "./backgroundJobs.ts";
import type { MainThread } from "./mainThread.ts";
import type { InputReply, KernelThreadData, ToKernel } from "./messages.ts";
import type { SessionTypes, TypedCell } from "./sessionTypes.ts";

export interface RemoteInterpreterOptions {
  /** Where cells run. */
  main: MainThread;
  /** Who knows their types, once it is loaded. */
  types: Promise<SessionTypes>;
  inputPort: KernelThreadData["inputPort"];
  /** Told of processes that cells leave behind. */
  jobs: BackgroundJobs;
}

/** The interpreter as the kernel thread sees it: cells run on the main thread, types are known on another. */
export class RemoteInterpreter implements Interpreter {
  readonly languageInfo = languageInfo;
  readonly banner = banner;
  readonly helpLinks = helpLinks;
  readonly #main: MainThread;
  readonly #types: Promise<SessionTypes>;
  readonly #inputPort: MessagePort;
  readonly #jobs: BackgroundJobs;
  #frontend: Frontend | undefined;

  constructor({ main, types, inputPort, jobs }: RemoteInterpreterOptions) {
    this.#main = main;
    this.#types = types;
    this.#inputPort = inputPort;
    this.#jobs = jobs;
  }

  /** Hands on what the main thread publishes, from now on; `before` is called before each message. */
  serve(frontend: Frontend, before: () => void): void {
    this.#frontend = frontend;
    this.#main.onMessage((message) => this.#receive(message, frontend), before);
  }

  async execute(cell: CellRequest, origin: Origin): Promise<Outcome> {
    const types = await this.#types;
    const run = (): Promise<Outcome> => this.#main.do("execute", { cell, origin });
    // What is done for its types here is done while the cell runs, unless these may forbid it.
    const begun = types.mayRefuse(cell.code) ? undefined : run();
    const typed = types.add(cell.code, `Cell [${cell.count ?? "*"}]`);
    if (typed.policy === "error") {
      const note = await typed.note();
      if (note !== "") return refuse(typed, note);
    }
    const ended = begun ?? run();
    if (typed.policy === "warn") void this.#noteBeside(typed, types.quietMoment(ended), ended, origin);
    const outcome = await ended;
    if (outcome.status === "error" && outcome.unstarted) typed.forget();
    return outcome;
  }

  evaluate(expression: string, origin: Origin): Promise<Outcome> {
    return this.#main.do("evaluate", { expression, origin });
  }

  comm(message: CommMessage, origin: Origin): Promise<void> {
    return this.#main.do("comm", { message, origin });
  }

  async isComplete(code: string): Promise<Completeness> {
    return (await this.#types).isComplete(code);
  }

  async complete(code: string, offset: number): Promise<Completion> {
    return (await this.#types).complete(code, offset, (expression) => this.#main.do("members", expression));
  }

  async inspect(code: string, offset: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    const live: DescribeLive = (expression) => this.#main.do("describe", expression);
    return (await this.#types).inspect(code, offset, detail, live);
  }

  variables(name?: string): Promise<Variable[]> {
    return this.#main.do("variables", name);
  }

  interrupt(): void {
    // Behind the cells that were waiting for the same and are sent first: what is not sent yet cannot be stopped.
    void this.#types.then(() => this.#main.interrupt());
  }

  /** Shows what is wrong with the types of a cell that runs, or has run, under it. */
  async #noteBeside(
    typed: TypedCell,
    quietMoment: Promise<void>,
    ended: Promise<Outcome>,
    origin: Origin,
  ): Promise<void> {
    let failed = "";
    void ended.then((outcome) => (failed = outcome.status === "error" ? outcome.ename : ""));
    await quietMoment;
    const note = await typed.note();
    // That a name is not there was said already.
    if (failed === "ReferenceError") return;
    if (note !== "") this.#frontend?.stream(origin, "stderr", `${note}\n`);
  }

  #receive(message: Exclude<ToKernel, { is: "done" }>, frontend: Frontend): void {
    switch (message.is) {
      case "stream":
        return frontend.stream(message.origin, message.name, message.text);
      case "display":
        return frontend.display(message.origin, message.bundle, message.options);
      case "clearOutput":
        return frontend.clearOutput(message.origin, { wait: message.wait });
      case "comm":
        return frontend.comm(message.origin, message.message);
      case "input":
        return void this.#askUser(message, frontend);
      case "inspect":
        return void this.#tell(message);
      case "background":
        return this.#jobs.add(message.group);
      case "exit":
        return frontend.shutDown();
    }
  }

  async #askUser(
    { id, origin, prompt, password }: ToKernel & { is: "input" },
    frontend: Frontend,
  ): Promise<void> {
    this.#inputPort.postMessage(
      await frontend.input(origin, prompt, { password }).then(
        (line): InputReply => ({ id, line }),
        ({ name, message }: Error): InputReply => ({ id, error: { name, message } }),
      ),
    );
    this.#main.wake();
  }

  async #tell({ id, asked }: ToKernel & { is: "inspect" }): Promise<void> {
    const bundle = await this.inspect(asked.code, asked.offset, asked.detail);
    this.#main.tell({ do: "inspected", id, bundle });
  }
}

/** Whose types are wrong does not run, if the session wants it so. */
function refuse(typed: TypedCell, note: string): Outcome {
  typed.forget();
  const traceback = note.split("\n");
  const message = traceback[0]!.replace(/^TS\d+ Cell \[.*?\]:\d+:\d+ /, "");
  return { status: "error", ename: "TypeError", evalue: message, traceback };
}
