import type { Message } from "../../src/kernel/transport/message.ts";

/** A request, and all that came because of it until now. */
export class Exchange {
  readonly request: Message;
  readonly published: Message[] = [];
  reply: Message | undefined;
  /** Whether the kernel has said that all was published. */
  idle = false;
  /** Resolves when the reply, if there is to be one, and `idle` were received. Rejects when the kernel ends before that. */
  readonly done: Promise<Exchange>;
  #finish: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(request: Message) {
    this.request = request;
    this.done = new Promise((resolve, reject) => {
      this.#finish = () => resolve(this);
      this.#fail = reject;
    });
    // Not everybody waits for the end of everything.
    this.done.catch(() => undefined);
  }

  /** Takes a message that the kernel has published. */
  onPublished(message: Message): void {
    this.published.push(message);
    this.idle ||= message.content.execution_state === "idle";
    if (this.idle && (this.reply || !this.request.header.msg_type.endsWith("_request"))) this.#finish();
  }

  onReply(message: Message): void {
    this.reply = message;
    if (this.idle) this.#finish();
  }

  /** Nothing more will come. */
  fail(error: Error): void {
    this.#fail(error);
  }
}

/** What a request has printed to a stream until now, in order. */
export function printed(
  { published }: Pick<Exchange, "published">,
  name: "stdout" | "stderr" = "stdout",
): string {
  return published
    .filter(({ header, content }) => header.msg_type === "stream" && content.name === name)
    .map(({ content }) => content.text as string)
    .join("");
}
