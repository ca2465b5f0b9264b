import type { MessagePort } from "node:worker_threads";

import type { CommMessage } from "../../jupyter/commMessage.ts";
import type {
  CellRequest,
  Completeness,
  Completion,
  Failure,
  Frontend,
  Interpreter,
  Origin,
  Outcome,
} from "../core/interpreter.ts";
import { interruptFlags, type InterruptFlags } from "../language/interruptFlags.ts";
import { banner, helpLinks, languageInfo } from "../language/languageInfo.ts";
import { signalDescendants } from "./descendants.ts";
import type { InputReply, KernelThreadData, ToKernel, ToMain } from "./messages.ts";

/** What is sent as a job: a message without its id. */
type Job = ToMain extends infer Message
  ? Message extends { id: number }
    ? Omit<Message, "id">
    : never
  : never;

/**
 * How long a cell may go on by itself after the stop button, in milliseconds, before a signal breaks into the library code it
 * must be in; and after a second press, before the process is ended.
 */
const beforeSignal = 10;
const beforeEnd = 1000;

/** The interpreter as the kernel thread sees it: code runs on the main thread, everything else is answered here. */
export class RemoteInterpreter implements Interpreter {
  readonly languageInfo = languageInfo;
  readonly banner = banner;
  readonly helpLinks = helpLinks;
  readonly #port: MessagePort;
  readonly #inputPort: MessagePort;
  readonly #flags: InterruptFlags;
  readonly #jobs = new Map<number, (outcome: Outcome) => void>();
  #lastJob = 0;
  /** The interrupt that the main thread has not answered yet. */
  #unanswered: number | undefined;
  readonly #giveUp: () => void;

  /** @param giveUp ends the process, because nothing stops what runs on the main thread */
  constructor({ port, interruptMemory, inputPort }: KernelThreadData, giveUp: () => void) {
    this.#port = port;
    this.#inputPort = inputPort;
    this.#flags = interruptFlags(interruptMemory);
    this.#giveUp = giveUp;
  }

  /** Hands on what the main thread publishes, from now on; `before` is called before each message. */
  serve(frontend: Frontend, before: () => void): void {
    this.#port.on("message", (message: ToKernel) => {
      before();
      this.#receive(message, frontend);
    });
  }

  execute(cell: CellRequest, origin: Origin): Promise<Outcome> {
    return this.#run({ do: "execute", cell, origin });
  }

  evaluate(expression: string, origin: Origin): Promise<Outcome> {
    return this.#run({ do: "evaluate", expression, origin });
  }

  async comm(message: CommMessage, origin: Origin): Promise<void> {
    await this.#run({ do: "comm", message, origin });
  }

  async isComplete(code: string): Promise<Completeness> {
    const { completeness } = await import("../language/completeness.ts");
    return completeness(code);
  }

  complete(_code: string, offset: number): Promise<Completion> {
    return Promise.resolve({ start: offset, end: offset, matches: [] });
  }

  inspect(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  interrupt(): void {
    this.#flags.request();
    this.#wakeWaitingInput();
    signalDescendants("SIGINT");
    if (this.#unanswered !== undefined) return this.#insist(this.#unanswered);
    const id = ++this.#lastJob;
    this.#unanswered = id;
    void this.#run({ do: "interrupt" }, id).then(() => (this.#unanswered = undefined));
    // On Windows a signal to oneself is not a signal but the end.
    if (process.platform !== "win32") setTimeout(() => void this.#breakIn(), beforeSignal);
  }

  /** Ends synchronous code that is not a cell's own: a library, a regular expression. */
  async #breakIn(): Promise<void> {
    if (!this.#flags.isRequested()) return;
    const { mainStack } = await import("./mainStack.ts");
    void this.#run({ do: "stoppedAt", frames: await mainStack() });
    this.#flags.signal(() => process.kill(process.pid, "SIGINT"));
  }

  /** Ends all that runs with this failure: the main thread will not say how. */
  fail(failure: Failure): void {
    for (const done of this.#jobs.values()) done(failure);
    this.#jobs.clear();
  }

  /** Asks the main thread to end the process, and what runs there to let it. */
  end(): void {
    this.#flags.request();
    this.#port.postMessage({ do: "end" } satisfies ToMain);
  }

  /** The button was pressed again before the main thread came back from what it does: it has one more moment. */
  #insist(id: number): void {
    setTimeout(() => {
      if (this.#unanswered !== id) return;
      this.#giveUp();
    }, beforeEnd);
  }

  #run(job: Job, id = ++this.#lastJob): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#jobs.set(id, resolve);
      this.#port.postMessage({ ...job, id });
    });
  }

  #receive(message: ToKernel, frontend: Frontend): void {
    switch (message.is) {
      case "done":
        this.#jobs.get(message.id)?.(message.outcome);
        this.#jobs.delete(message.id);
        return;
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
    this.#wakeWaitingInput();
  }

  /** The main thread may sleep until the user has typed something: see `userInput.ts`. */
  #wakeWaitingInput(): void {
    Atomics.add(this.#flags.memory, 1, 1);
    Atomics.notify(this.#flags.memory, 1);
  }
}
