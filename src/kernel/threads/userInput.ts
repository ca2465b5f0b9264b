import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";

import type { InterruptFlags } from "../language/interruptFlags.ts";
import type { InputReply } from "./messages.ts";

/** How long to sleep at most before looking again, in milliseconds. */
const nap = 1000;

/** What the user types when a cell asks: as a promise, or while the cell stands still as `prompt()` does. */
export class UserInput {
  readonly #port: MessagePort;
  readonly #flags: InterruptFlags;
  readonly #waiting = new Map<number, (reply: InputReply) => void>();
  #last = 0;

  constructor(port: MessagePort, flags: InterruptFlags) {
    this.#port = port;
    this.#flags = flags;
    port.on("message", (reply: InputReply) => this.#deliver(reply));
    // Who waits for a line is kept waiting by the kernel, not by this port.
    port.unref();
  }

  /** The line that is the answer to what `ask` asks. Rejects when the user cannot be asked, or stops the cell. */
  line(ask: (id: number) => void): Promise<string> {
    const id = ++this.#last;
    // Made where the question is asked: its stack tells who did.
    const failure = new Error("");
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (reply) => {
        if ("line" in reply) resolve(reply.line);
        else reject(Object.assign(failure, reply.error));
      });
      ask(id);
    });
  }

  /** The same for code that cannot wait: the thread sleeps until there is an answer. `check` throws when the cell is stopped. */
  lineSync(ask: (id: number) => void, check: () => void): string {
    const id = ++this.#last;
    ask(id);
    for (;;) {
      const wakes = Atomics.load(this.#flags.memory, 1);
      const reply = receiveMessageOnPort(this.#port)?.message as InputReply | undefined;
      if (reply?.id === id) {
        if ("line" in reply) return reply.line;
        check();
        throw Object.assign(new Error(""), reply.error);
      }
      if (reply) this.#deliver(reply);
      else {
        check();
        Atomics.wait(this.#flags.memory, 1, wakes, nap);
      }
    }
  }

  #deliver(reply: InputReply): void {
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}
