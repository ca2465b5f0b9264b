import { interruptFlags, type InterruptFlags } from "../language/interruptFlags.ts";
import { signalDescendants } from "./descendants.ts";
import type { JobName, Jobs, KernelThreadData, ToKernel, ToMain } from "./messages.ts";

/**
 * How long code may go on by itself after the stop button, in milliseconds, before a signal breaks into the library that it
 * must be in; and after a second press, before the process is ended.
 */
const beforeSignal = 10;
const beforeEnd = 2000;

/** The thread that runs cells, as the kernel thread sees it: it does jobs, and can be stopped. */
export class MainThread {
  readonly #port: KernelThreadData["port"];
  readonly #flags: InterruptFlags;
  readonly #jobs = new Map<number, (answer: unknown) => void>();
  readonly #giveUp: () => void;
  #lastJob = 0;
  /** The interrupt that has not been answered yet. */
  #unanswered: { id: number; answered: Promise<void> } | undefined;

  /** @param giveUp ends the process, because nothing stops what runs */
  constructor({ port, interruptMemory }: KernelThreadData, giveUp: () => void) {
    this.#port = port;
    this.#flags = interruptFlags(interruptMemory);
    this.#giveUp = giveUp;
  }

  /** Calls `listener` with all that is not the answer to a job, from now on. */
  onMessage(listener: (message: Exclude<ToKernel, { is: "done" }>) => void, before: () => void): void {
    this.#port.on("message", (message: ToKernel) => {
      before();
      if (message.is !== "done") return listener(message);
      this.#jobs.get(message.id)?.(message.answer);
      this.#jobs.delete(message.id);
    });
  }

  do<Name extends JobName>(name: Name, asked: Jobs[Name]["asked"]): Promise<Jobs[Name]["answer"]> {
    const id = ++this.#lastJob;
    return new Promise((resolve) => {
      // This throws what cannot be copied, which is then no job.
      this.#port.postMessage({ do: name, id, asked });
      this.#jobs.set(id, resolve as (answer: unknown) => void);
    });
  }

  tell(message: Extract<ToMain, { do: "inspected" }>): void {
    this.#port.postMessage(message);
  }

  /** Stops all that runs. */
  interrupt(): void {
    this.#flags.request();
    this.wake();
    signalDescendants("SIGINT");
    if (this.#unanswered !== undefined) return this.#insist(this.#unanswered);
    const answered = this.do("interrupt", undefined).then(() => (this.#unanswered = undefined));
    this.#unanswered = { id: this.#lastJob, answered };
    // On Windows a signal to oneself is not a signal but the end.
    if (process.platform !== "win32") setTimeout(() => void this.#breakIn(), beforeSignal);
  }

  /** Lets a `prompt()` look whether there is an answer: see `userInput.ts`. */
  wake(): void {
    Atomics.add(this.#flags.memory, 1, 1);
    Atomics.notify(this.#flags.memory, 1);
  }

  /** Answers every job so: the thread will not say how it ended. */
  fail(answer: Jobs["execute"]["answer"]): void {
    for (const done of this.#jobs.values()) done(answer);
    this.#jobs.clear();
  }

  /** Asks it to end the process, and what runs there to let it. */
  end(): void {
    this.#flags.request();
    this.#port.postMessage({ do: "end" } satisfies ToMain);
  }

  /** Ends synchronous code that is not a cell's own: a library, a regular expression. */
  async #breakIn(): Promise<void> {
    if (!this.#flags.isRequested()) return;
    const { mainStack } = await import("./mainStack.ts");
    void this.do("stoppedAt", await mainStack());
    if (!this.#flags.signal(() => process.kill(process.pid, "SIGINT")))
      setTimeout(() => void this.#breakIn(), beforeSignal);
  }

  /**
   * The button was pressed again before the thread came back from what it does: it has one more moment. If it does come back, the
   * press is for what is left of what it was pressed for: a cell that had just been sent, say, behind the one that has ended.
   */
  #insist({ id, answered }: { id: number; answered: Promise<void> }): void {
    const meant = [...this.#jobs.keys()].filter((job) => job !== id);
    // The thread is slow to answer, but nothing runs on it that could be ended.
    if (meant.length === 0) return;
    void answered.then(() => {
      if (meant.some((job) => this.#jobs.has(job))) this.interrupt();
    });
    setTimeout(() => {
      if (this.#unanswered?.id === id) this.#giveUp();
    }, beforeEnd);
  }
}
