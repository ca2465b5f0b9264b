import { extname } from "node:path";
import { Worker } from "node:worker_threads";

import type { Completeness, Completion } from "../../core/interpreter.ts";
import type { MimeBundle } from "../../../jupyter/mimeBundle.ts";
import type {
  CheckerThreadData,
  FromThread,
  Order,
  Question,
  QuestionName,
  Questions,
} from "./checkerProtocol.ts";
import { isUrgent } from "./checkerProtocol.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { addLiveDescription, type DescribeLive } from "./liveDescription.ts";
import { addLiveMembers, type LiveMembers } from "./liveMembers.ts";
import type { CheckedCell } from "./typeService.ts";

export interface CheckerOptions {
  /** Where the notebook is. */
  directory: string;
  /** Told in one line when types are lost for the rest of the session. Default: nobody. */
  log?: (line: string) => void;
  /** How much memory the types may take, in MB. A session that imports TensorFlow.js takes about 300. Default 1536. */
  memory?: number;
}

/** A question that waits for its answer; with undefined none will come. */
interface Waiting {
  question: Question;
  settle: (answer: unknown) => void;
}

/**
 * Types for cells, from a thread of its own: it answers while a cell computes. The thread starts when it is first needed. One
 * that dies, of too little memory say, is replaced once, with the cells that it had; after that all answers are empty.
 */
export class Checker {
  readonly #directory: string;
  readonly #log: (line: string) => void;
  readonly #memory: number;
  readonly #cells = new Map<number, string>();
  readonly #waiting = new Map<number, Waiting>();
  #urgent = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | undefined;
  #questions = 0;
  #deaths = 0;
  #closed = false;

  constructor({ directory, log = () => undefined, memory = 1536 }: CheckerOptions) {
    this.#directory = directory;
    this.#log = log;
    this.#memory = memory;
  }

  /** Loads TypeScript and the types that every session needs, in the background. */
  warmUp(): void {
    this.#order({ do: "warmUp" });
  }

  /** Adds a cell to the session: its names are there for the next one at once. */
  add(cell: CheckedCell): void {
    this.#cells.delete(cell.id);
    this.#cells.set(cell.id, cell.code);
    this.#order({ do: "add", cell });
  }

  /** What is wrong with the types of a cell of the session. */
  async diagnose(cell: number): Promise<Diagnostic[]> {
    return (await this.#ask("diagnose", { cell })) ?? [];
  }

  /** Forgets a cell that did not run. */
  remove(id: number): void {
    if (this.#cells.delete(id)) this.#order({ do: "remove", cell: id });
  }

  /** Forgets all cells. */
  reset(): void {
    this.#cells.clear();
    this.#order({ do: "reset" });
  }

  /**
   * What may stand at an offset in UTF-16 units. `live` is asked for the members of a value whose type has none, and waited
   * for briefly.
   */
  async complete(code: string, offset: number, { live }: { live?: LiveMembers } = {}): Promise<Completion> {
    const completion = await this.#ask("complete", { code, offset });
    return addLiveMembers(completion ?? { start: offset, end: offset, matches: [] }, code, live);
  }

  /**
   * What is known of the name at an offset, else of the call around it; with detail 1 its source as well. `live` is asked for the
   * value of what has no type, and waited for briefly.
   */
  async inspect(
    code: string,
    offset: number,
    detail: 0 | 1,
    { live }: { live?: DescribeLive } = {},
  ): Promise<MimeBundle | undefined> {
    return addLiveDescription((await this.#ask("inspect", { code, offset, detail })) ?? {}, live);
  }

  /** Whether these lines are a whole cell. */
  async isComplete(code: string): Promise<Completeness> {
    return (await this.#ask("isComplete", { code })) ?? { status: "unknown" };
  }

  /** Ends the thread; questions that wait are answered by nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#giveUp();
    await worker?.terminate();
  }

  #ask<Name extends QuestionName>(
    is: Name,
    asked: Questions[Name]["asked"],
  ): Promise<Questions[Name]["answer"] | undefined> {
    return new Promise((resolve) => {
      const question = { id: ++this.#questions, is, asked } as Question;
      // Before the question is there: a new thread is given the cells that are asked about later.
      const worker = this.#thread();
      if (worker === undefined) return resolve(undefined);
      this.#waiting.set(question.id, { question, settle: resolve as (answer: unknown) => void });
      if (isUrgent(question)) Atomics.add(this.#urgent, 0, 1);
      worker.postMessage(question);
    });
  }

  #order(order: Order): void {
    if (order.do === "warmUp" || this.#worker !== undefined) this.#thread()?.postMessage(order);
  }

  /** Undefined when there is none any more. */
  #thread(): Worker | undefined {
    if (this.#closed || this.#deaths > 1) return undefined;
    return (this.#worker ??= this.#start());
  }

  #start(): Worker {
    this.#urgent = new Int32Array(new SharedArrayBuffer(4));
    const data: CheckerThreadData = {
      directory: this.#directory,
      cells: [...this.#cells].map(([id, code]) => ({ id, code })),
      urgent: this.#urgent.buffer,
    };
    const worker = new Worker(new URL(`./checkerThread${extname(import.meta.url)}`, import.meta.url), {
      workerData: data,
      // TypeScript makes much that is soon forgotten; with room for it the collector takes half the time.
      resourceLimits: { maxOldGenerationSizeMb: this.#memory, maxYoungGenerationSizeMb: 64 },
    });
    let reason = "";
    worker.on("message", (message: FromThread) => this.#answered(message));
    worker.on("error", (error) => (reason = error.message));
    worker.on("exit", () => this.#died(worker, reason));
    return worker;
  }

  #answered(message: FromThread): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("failed" in message) this.#log(`types: ${waiting?.question.is} failed: ${message.failed}`);
    waiting?.settle("answer" in message ? message.answer : undefined);
  }

  /** What was asked is not asked again: it may be what the thread died of, as may the cell that was being checked. */
  #died(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const questions = [...this.#waiting.values()].map(({ question }) => question);
    const checked = questions.find((question) => question.is === "diagnose");
    if (checked?.is === "diagnose") this.#cells.delete(checked.asked.cell);
    if (++this.#deaths > 1) {
      this.#log(`types: the checker has ended twice (${reason}); no types until the kernel restarts`);
    }
    this.#giveUp();
  }

  #giveUp(): void {
    for (const { settle } of this.#waiting.values()) settle(undefined);
    this.#waiting.clear();
  }
}
