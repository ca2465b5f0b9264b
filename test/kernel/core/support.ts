import { setImmediate as turn } from "node:timers/promises";

import type { CommMessage } from "../../../src/jupyter/commMessage.ts";
import type { MimeBundle } from "../../../src/jupyter/mimeBundle.ts";
import type {
  CellRequest,
  Completeness,
  Completion,
  Interpreter,
  Origin,
  Outcome,
  Variable,
} from "../../../src/kernel/core/interpreter.ts";
import { Kernel, type KernelOptions } from "../../../src/kernel/core/kernel.ts";
import type { Channel, Header, JsonObject, Message, Transport } from "../../../src/kernel/core/transport.ts";
import { decode, encode, makeHeader } from "../../../src/kernel/transport/message.ts";
import { assertValid } from "../schemas/assertValid.ts";

export interface Sent extends Message {
  channel: Channel;
}

/** What a client may say beside the content of a message. */
export interface ReceiveOptions {
  channel?: Channel;
  header?: Partial<Header>;
  parentHeader?: Partial<Header>;
  metadata?: JsonObject;
  buffers?: Uint8Array[];
  /** The routing identity of the client. */
  identity?: string;
}

/** A transport without sockets: tests put messages in and read what came out. Each of these is checked against its schema. */
export class MockTransport implements Transport {
  readonly sent: Sent[] = [];
  /** What was not as the protocol says. Thrown where it is sent it would be taken for an error of the kernel's. */
  readonly invalid: unknown[] = [];
  closed = false;
  readonly #replyListeners = new Map<string, () => void>();
  #listener: (channel: Channel, message: Message) => void = () => undefined;

  onMessage(listener: (channel: Channel, message: Message) => void): void {
    this.#listener = listener;
  }

  send(channel: Channel, message: Message): void {
    // What arrives is what JSON made of it.
    const arrived: Sent = { ...decode(encode(message, ""), "")!, channel };
    try {
      assertValid(arrived);
    } catch (error) {
      this.invalid.push(error);
    }
    this.sent.push(arrived);
    if (channel !== "iopub") this.#replyListeners.get(arrived.parentHeader.msg_id ?? "")?.();
  }

  sync(): Promise<void> {
    return turn();
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
  receive(type: string, content: JsonObject = {}, options: ReceiveOptions = {}): Message {
    const {
      channel = "shell",
      header,
      parentHeader = {},
      metadata = {},
      buffers = [],
      identity = "client",
    } = options;
    const message = {
      identities: [Buffer.from(identity)],
      header: { ...makeHeader(type, "client"), ...header },
      parentHeader,
      metadata,
      content,
      buffers,
    };
    this.#listener(channel, message);
    return message;
  }

  /** Resolves when a request was answered, or handled if it has no answer. */
  async idle(request: Message): Promise<void> {
    while (!this.of(request).some(({ content }) => content.execution_state === "idle")) await turn();
  }

  /** Delivers a request, waits until it was handled and returns the content of the reply. */
  async ask(type: string, content: JsonObject = {}, options: ReceiveOptions = {}): Promise<JsonObject> {
    const request = this.receive(type, content, options);
    await this.idle(request);
    return this.reply(request) ?? {};
  }

  /** What was sent because of a request, as "channel type", status messages with their state. */
  trace(request: Message): string[] {
    return this.of(request).map(({ channel, header, content }) => {
      const state = header.msg_type === "status" ? ` ${String(content.execution_state)}` : "";
      return `${channel} ${header.msg_type}${state}`;
    });
  }

  /** What was sent because of a request; of one type when that is named. */
  of(request: Message, type?: string): Sent[] {
    return this.sent.filter(
      ({ parentHeader, header }) =>
        parentHeader.msg_id === request.header.msg_id && (type === undefined || header.msg_type === type),
    );
  }

  reply(request: Message): JsonObject | undefined {
    return this.of(request).find(
      ({ channel, header }) => channel !== "iopub" && header.msg_type.endsWith("_reply"),
    )?.content;
  }
}

/** What a program of a test does: it is run with the number of its request. */
type Program = (origin: Origin) => Outcome | undefined | Promise<Outcome | undefined>;

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
  readonly comms: CommMessage[] = [];
  programs: Record<string, Program> = {};
  onComm: (message: CommMessage, origin: Origin) => void | Promise<void> = () => undefined;
  /** What it was asked, with the offset and the detail. */
  readonly asked: unknown[] = [];
  completion: Completion | undefined;
  inspection: MimeBundle | undefined;
  held: Variable[] = [];
  /** Which variables were asked for: one by its name, or all of them. */
  described: (string | undefined)[] = [];
  interrupts = 0;

  async execute(cell: CellRequest, origin: Origin): Promise<Outcome> {
    this.executed.push(cell);
    return this.#run(cell.code, origin);
  }

  evaluate(expression: string, origin: Origin): Promise<Outcome> {
    return this.#run(expression, origin);
  }

  async comm(message: CommMessage, origin: Origin): Promise<void> {
    this.comms.push(message);
    await this.onComm(message, origin);
  }

  isComplete(code: string): Promise<Completeness> {
    return Promise.resolve(
      code.endsWith("(") ? { status: "incomplete", indent: "  " } : { status: "complete" },
    );
  }

  complete(code: string, offset: number): Promise<Completion> {
    this.asked.push([code, offset]);
    return Promise.resolve(this.completion ?? { start: offset, end: offset, matches: [] });
  }

  inspect(code: string, offset: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    this.asked.push([code, offset, detail]);
    return Promise.resolve(this.inspection);
  }

  variables(only?: string): Promise<Variable[]> {
    this.described.push(only);
    return Promise.resolve(this.held.filter(({ name }) => only === undefined || name === only));
  }

  interrupt(): void {
    this.interrupts++;
  }

  async #run(code: string, origin: Origin): Promise<Outcome> {
    const program = Object.hasOwn(this.programs, code) ? this.programs[code] : undefined;
    return (await program?.(origin)) ?? { status: "ok" };
  }
}

/** A kernel between a fake transport and a fake interpreter, serving. */
export interface Bench {
  transport: MockTransport;
  interpreter: MockInterpreter;
  kernel: Kernel;
  log: string[];
  /** Resolves when the kernel has ended. */
  running: Promise<void>;
}

/** Starts a kernel for a test. */
export function startBench(options: Partial<KernelOptions> = {}): Bench {
  const transport = new MockTransport();
  const interpreter = new MockInterpreter();
  const log: string[] = [];
  const kernel = new Kernel({
    transport,
    interpreter,
    implementation: { name: "test", version: "0" },
    session: "kernel",
    log: (line) => log.push(line),
    ...options,
  });
  return { transport, interpreter, kernel, log, running: kernel.run() };
}

/** A kernel for each test of a suite, with this one's options. What it has sent is checked at the end of the test. */
export function freshBench(options: () => Partial<KernelOptions> = () => ({})): Bench {
  let bench: Bench;
  beforeEach(() => (bench = startBench(options())));
  afterEach(() => assertAllValid(bench));
  return {
    get transport() {
      return bench.transport;
    },
    get interpreter() {
      return bench.interpreter;
    },
    get kernel() {
      return bench.kernel;
    },
    get log() {
      return bench.log;
    },
    get running() {
      return bench.running;
    },
  };
}

/** An outcome with this text as its result. */
export function result(value: string): Outcome {
  return { status: "ok", result: { data: { "text/plain": value }, metadata: {} } };
}

export const failed: Outcome = { status: "error", ename: "Oops", evalue: "bad", traceback: ["Oops: bad"] };

/** Fails a test whose kernel has sent what no kernel sends. */
export function assertAllValid({ transport }: Bench): void {
  if (transport.invalid.length > 0) throw transport.invalid[0];
}
