import { interruptFlags, type InterruptFlags } from "../language/interruptFlags.ts";
import { signalDescendants } from "./descendants.ts";
import type { JobName, Jobs, KernelThreadData, ToKernel, ToMain } from "./messages.ts";

/**
 * How long code may go on by itself after the stop button, in milliseconds, before a signal breaks into the library that it
 * must be in; and after a second press, before the process is ended.
 */
const beforeSignal = 10;
const beforeEnd = 2000;

/** How long between two signals to what has not stopped, and between two looks for processes that were started meanwhile. */
const betweenSignals = 50;
const looksBeforeRepeat = 10;

/** How long nothing runs before scripts are read for the next stop, in milliseconds. */
const leisure = 1000;

/** How long the debugger may take to say where code is that has been read, and where it must be read first, in milliseconds. */
const patience = { read: 40, unread: 600 };

/** The jobs in which code of the user's runs, which may load more. */
const running: readonly JobName[] = ["execute", "evaluate", "comm"];

/** The thread that runs cells, as the kernel thread sees it: it does jobs, and can be stopped. */
export class MainThread {
  readonly #port: KernelThreadData["port"];
  readonly #flags: InterruptFlags;
  readonly #jobs = new Map<number, { name: JobName; done: (answer: unknown) => void }>();
  readonly #giveUp: () => void;
  #lastJob = 0;
  /** The interrupt that has not been answered yet. */
  #unanswered: { id: number; answered: Promise<void> } | undefined;
  #atLeisure: NodeJS.Timeout | undefined;
  /** Whether the debugger has read all that is loaded, as far as one can know. */
  #isRead = false;

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
      const job = this.#jobs.get(message.id);
      this.#jobs.delete(message.id);
      job?.done(message.answer);
      if (job && running.includes(job.name)) this.#isRead = false;
      this.#readScriptsAtLeisure();
    });
    this.#readScriptsAtLeisure();
  }

  do<Name extends JobName>(name: Name, asked: Jobs[Name]["asked"]): Promise<Jobs[Name]["answer"]> {
    const id = ++this.#lastJob;
    clearTimeout(this.#atLeisure);
    return new Promise((resolve) => {
      // This throws what cannot be copied, which is then no job.
      this.#port.postMessage({ do: name, id, asked });
      this.#jobs.set(id, { name, done: resolve as (answer: unknown) => void });
    });
  }

  tell(message: Extract<ToMain, { do: "inspected" }>): void {
    this.#port.postMessage(message);
  }

  /** Stops all that runs. */
  interrupt(): void {
    this.#flags.request();
    this.wake();
    if (this.#unanswered !== undefined) {
      signalDescendants("SIGINT");
      return this.#insist(this.#unanswered);
    }
    const answered = this.do("interrupt", undefined).then(() => (this.#unanswered = undefined));
    this.#unanswered = { id: this.#lastJob, answered };
    this.#stopProcesses(this.#lastJob);
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
    for (const { done } of this.#jobs.values()) done(answer);
    this.#jobs.clear();
  }

  /** Asks it to end the process, and what runs there to let it. */
  end(): void {
    this.#flags.request();
    this.#port.postMessage({ do: "end" } satisfies ToMain);
  }

  /** When nothing runs: what ran may have loaded what the debugger takes long to read. */
  #readScriptsAtLeisure(): void {
    clearTimeout(this.#atLeisure);
    if (this.#jobs.size > 0 || this.#isRead) return;
    this.#atLeisure = setTimeout(() => {
      void import("./mainStack.ts")
        .then(({ readScripts }) => readScripts())
        .then(() => (this.#isRead = true));
    }, leisure);
  }

  /**
   * Stops the processes of cells as long as the thread that started them may be waiting for one: those that come later as well, and
   * after a while again those that were told, because one that has just begun does not hear.
   */
  #stopProcesses(interrupt: number, told = new Set<number>(), looks = 1): void {
    signalDescendants("SIGINT", told);
    if (looks % looksBeforeRepeat === 0) told.clear();
    setTimeout(() => {
      if (this.#unanswered?.id === interrupt) this.#stopProcesses(interrupt, told, looks + 1);
    }, betweenSignals);
  }

  /** Ends synchronous code that is not a cell's own: a library, a regular expression. */
  async #breakIn(): Promise<void> {
    if (!this.#flags.isRequested()) return;
    if (this.#flags.isEarly()) return void setTimeout(() => void this.#breakIn(), beforeSignal);
    const { mainStack } = await import("./mainStack.ts");
    const frames = await mainStack(this.#isRead ? patience.read : patience.unread);
    void this.do("stoppedAt", frames);
    this.#signal();
  }

  /** A signal finds nothing to break before the cell's script has begun, or while native code calls back: then another one does. */
  #signal(): void {
    if (!this.#flags.isRequested()) return;
    this.#flags.signal(() => process.kill(process.pid, "SIGINT"));
    setTimeout(() => this.#signal(), betweenSignals);
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
