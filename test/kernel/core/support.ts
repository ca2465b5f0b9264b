import type {
  CellRequest,
  Completeness,
  Interpreter,
  Outcome,
} from "../../../src/kernel/core/interpreter.ts";
import type { Channel, JsonObject, Message, Transport } from "../../../src/kernel/core/transport.ts";
import { makeHeader } from "../../../src/kernel/transport/message.ts";

export interface Sent extends Message {
  channel: Channel;
}

/** A transport without sockets: tests put messages in and read what came out. */
export class MockTransport implements Transport {
  readonly sent: Sent[] = [];
  closed = false;
  readonly #replyListeners = new Map<string, () => void>();
  #listener: (channel: Channel, message: Message) => void = () => undefined;

  onMessage(listener: (channel: Channel, message: Message) => void): void {
    this.#listener = listener;
  }

  send(channel: Channel, message: Message): void {
    // As real sockets do, it refuses what is no JSON.
    JSON.stringify(message.content);
    this.sent.push({ ...message, channel });
    if (channel !== "iopub") this.#replyListeners.get(message.parentHeader.msg_id ?? "")?.();
  }

  sync(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /** Calls `listener` at once when the reply to a request is sent, as a client does that waits for it. */
  onReply(request: Message, listener: () => void): void {
    this.#replyListeners.set(request.header.msg_id, listener);
  }

  /** Delivers a request and returns it. */
  receive(type: string, content: JsonObject = {}, channel: Channel = "shell"): Message {
    const header = makeHeader(type, "client");
    const message = {
      identities: [Buffer.from("client")],
      header,
      parentHeader: {},
      metadata: {},
      content,
      buffers: [],
    };
    this.#listener(channel, message);
    return message;
  }

  /** What was sent because of a request, as "channel type", status messages with their state. */
  trace(request: Message): string[] {
    return this.of(request).map(({ channel, header, content }) => {
      const state = header.msg_type === "status" ? ` ${String(content.execution_state)}` : "";
      return `${channel} ${header.msg_type}${state}`;
    });
  }

  of(request: Message): Sent[] {
    return this.sent.filter(({ parentHeader }) => parentHeader.msg_id === request.header.msg_id);
  }

  reply(request: Message): JsonObject | undefined {
    return this.of(request).find(({ channel }) => channel !== "iopub")?.content;
  }
}

/** An interpreter of a language whose programs are functions of the test. */
export class MockInterpreter implements Interpreter {
  readonly languageInfo = {
    name: "mock",
    version: "1",
    mimetype: "text/x-mock",
    file_extension: ".mock",
    pygments_lexer: "text",
    codemirror_mode: "text",
    nbconvert_exporter: "script",
  };
  readonly banner = "mock";
  readonly helpLinks = [];
  readonly executed: CellRequest[] = [];
  programs: Record<string, () => Outcome | Promise<Outcome>> = {};
  interrupts = 0;

  execute(cell: CellRequest): Promise<Outcome> {
    this.executed.push(cell);
    return Promise.resolve(this.programs[cell.code]?.() ?? { status: "ok" });
  }

  evaluate(expression: string): Promise<Outcome> {
    return Promise.resolve(this.programs[expression]?.() ?? { status: "ok" });
  }

  isComplete(code: string): Completeness {
    return code.endsWith("(") ? { status: "incomplete", indent: "  " } : { status: "complete" };
  }

  interrupt(): void {
    this.interrupts++;
  }
}
