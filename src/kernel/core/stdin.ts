import { textOf } from "./content.ts";
import type { Parent } from "./origins.ts";
import type { Header, JsonObject, Message } from "./transport.ts";

/** Input was asked for where nobody can give it. */
class StdinNotImplementedError extends Error {
  override readonly name = "StdinNotImplementedError";
}

/** The user ended the input instead of giving any. */
class EOFError extends Error {
  override readonly name = "EOFError";

  constructor() {
    super("input: expected a line, found the end of the input");
  }
}

/** The user pressed stop while a question was open. */
class KernelInterrupt extends Error {
  override readonly name = "KernelInterrupt";

  constructor() {
    super("interrupted while waiting for input");
  }
}

/** What a front end sends when the user ends the input, as Ctrl-D does in a terminal. */
const endOfInput = "\x04";

interface Question {
  parent: Parent;
  content: JsonObject;
  resolve(line: string): void;
  reject(error: Error): void;
  /** The header of the `input_request`; undefined until it is sent. */
  header?: Header;
}

/** Asks the users of front ends for lines of text, one question at a time. */
export class Stdin {
  readonly #send: (content: JsonObject, parent: Parent) => Header;
  #questions: Question[] = [];

  /** `send` publishes an `input_request` to who sent `parent` and returns its header. */
  constructor(send: (content: JsonObject, parent: Parent) => Header) {
    this.#send = send;
  }

  /** Rejects with StdinNotImplementedError when the front end takes no questions or the request has ended. */
  async ask(parent: Parent | undefined, prompt: string, password: boolean): Promise<string> {
    if (!parent?.allowStdin)
      throw new StdinNotImplementedError(
        "input: expected a front end that takes questions, found one that does not; run this cell in JupyterLab, or put the value into the code",
      );
    if (parent.ended)
      throw new StdinNotImplementedError(
        "input: expected to be asked while the cell runs, found that it has ended; await the answer in the cell",
      );
    return new Promise((resolve, reject) => {
      this.#questions.push({ parent, content: { prompt, password }, resolve, reject });
      this.#next();
    });
  }

  /** Takes an `input_reply`. One that answers no question, or an older one, or that another front end sends, is dropped. */
  take({ identities, parentHeader, content }: Message): void {
    const [question] = this.#questions;
    if (question?.header === undefined || !areSame(identities, question.parent.identities)) return;
    // Some clients do not say which question they answer.
    if (parentHeader.msg_id !== undefined && parentHeader.msg_id !== question.header.msg_id) return;
    this.#questions.shift();
    if (content.value === endOfInput) question.reject(new EOFError());
    else question.resolve(textOf(content.value));
    this.#next();
  }

  /** Every open question is given up. */
  interrupt(): void {
    this.#give(() => true, new KernelInterrupt());
  }

  /** The questions of a request that was answered are given up: its front end has stopped listening. */
  end(parent: Parent): void {
    const error = new StdinNotImplementedError(
      "input: expected an answer before the cell ends, found none; await the answer in the cell",
    );
    this.#give((question) => question.parent === parent, error);
  }

  #give(isMeant: (question: Question) => boolean, error: Error): void {
    const given = this.#questions.filter(isMeant);
    if (given.length === 0) return;
    this.#questions = this.#questions.filter((question) => !isMeant(question));
    for (const question of given) question.reject(error);
    this.#next();
  }

  #next(): void {
    const [question] = this.#questions;
    if (question && question.header === undefined)
      question.header = this.#send(question.content, question.parent);
  }
}

/** Whether two messages came from the same front end: it uses one identity on all its sockets. */
function areSame(a: Uint8Array[], b: Uint8Array[]): boolean {
  return a.length === b.length && a.every((identity, index) => Buffer.compare(identity, b[index]!) === 0);
}
