import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import { makeHeader } from "../transport/message.ts";
import { failureOf } from "./failure.ts";
import { handlers } from "./handlers.ts";
import type { Interpreter } from "./interpreter.ts";
import { Lane } from "./lane.ts";
import { Streams } from "./streams.ts";
import type { Channel, JsonObject, Message, Transport } from "./transport.ts";

export interface KernelOptions {
  transport: Transport;
  interpreter: Interpreter;
  /** What `kernel_info` says of the implementation. */
  implementation: { name: string; version: string };
  /** The session named in every message. Default: a new UUID. */
  session?: string;
  /** Where complaints about messages go. Default: dropped. */
  log?: (line: string) => void;
}

export interface SendOptions {
  parent?: Message | undefined;
  metadata?: JsonObject;
  buffers?: Uint8Array[];
}

/** Output that a silent request keeps to itself. */
const outputTypes = new Set([
  "stream",
  "display_data",
  "update_display_data",
  "execute_input",
  "execute_result",
  "error",
]);

/** How long a shutdown waits for the message being handled, in milliseconds. */
const patience = 100;

const encoder = new TextEncoder();

/**
 * A kernel without a language and without sockets: both are given to it. Every message is handled in the same way: busy,
 * its handler from the table, the reply, idle; with the message as the parent of whatever is published meanwhile, or later by
 * timers and promises that it started.
 */
export class Kernel {
  readonly interpreter: Interpreter;
  readonly implementation: KernelOptions["implementation"];
  readonly transport: Transport;
  readonly shell = new Lane();
  readonly control = new Lane();
  /** The number of the latest cell. */
  executionCount = 0;

  readonly #session: string;
  readonly #log: (line: string) => void;
  readonly #parent = new AsyncLocalStorage<Message>();
  readonly #streams = new Streams<Message | undefined>((parent, name, text) =>
    this.#emit("stream", { name, text }, { parent }),
  );
  #latestParent: Message | undefined;
  #stop: () => void = () => undefined;
  #stopping = false;

  constructor({
    transport,
    interpreter,
    implementation,
    session = randomUUID(),
    log = () => undefined,
  }: KernelOptions) {
    this.transport = transport;
    this.implementation = implementation;
    this.#session = session;
    this.#log = log;
    this.interpreter = interpreter;
  }

  /** Serves until a shutdown was asked for and answered. */
  async run(): Promise<void> {
    const stopped = new Promise<void>((resolve) => (this.#stop = resolve));
    this.transport.onMessage((channel, message) => this.#accept(channel, message));
    this.send("iopub", "status", { execution_state: "starting" });
    await stopped;
    this.#streams.flush();
    await this.transport.close();
  }

  /** Sends a message on a channel. The parent is the message being handled unless another is given. */
  send(channel: Channel, type: string, content: JsonObject, options: SendOptions = {}): void {
    this.#streams.flush();
    this.#emit(type, content, options, channel);
  }

  stream(name: "stdout" | "stderr", text: string): void {
    this.#streams.write(this.#currentParent(), name, text);
  }

  display(
    bundle: MimeBundle,
    { displayId, update = false }: { displayId?: string; update?: boolean } = {},
  ): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.send("iopub", update ? "update_display_data" : "display_data", { ...bundle, transient });
  }

  /** Answers what is being handled, if it ends soon, then ends the kernel. */
  shutDown(): void {
    this.#stopping = true;
    setTimeout(() => this.#stop(), patience);
  }

  #accept(channel: Channel, message: Message): void {
    const lane = channel === "control" ? this.control : this.shell;
    lane.add((aborted) => this.#parent.run(message, () => this.#handle(channel, message, aborted)));
  }

  /** Everything that all messages have in common. Nothing that a handler throws gets past it. */
  async #handle(channel: Channel, request: Message, aborted: boolean): Promise<void> {
    if (this.#stopping) return;
    const type = request.header.msg_type;
    const handler = handlers[type];
    if (handler === undefined) {
      this.#log(`message of unknown type ${JSON.stringify(type)} on ${channel}`);
      return;
    }
    // The cell that native callbacks without a context most likely belong to.
    if (type === "execute_request") this.#latestParent = request;
    this.send("iopub", "status", { execution_state: "busy" }, { parent: request });
    try {
      const reply =
        aborted && handler.aborted ? handler.aborted(this) : await handler.handle(this, request, channel);
      if (reply) this.send(channel, replyType(type), reply, { parent: request });
    } catch (error) {
      this.#log(`${type} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      if (type.endsWith("_request"))
        this.send(channel, replyType(type), { ...failureOf(error) }, { parent: request });
    }
    this.send("iopub", "status", { execution_state: "idle" }, { parent: request });
    if (this.#stopping) this.#stop();
  }

  #currentParent(): Message | undefined {
    return this.#parent.getStore() ?? this.#latestParent;
  }

  #emit(type: string, content: JsonObject, options: SendOptions, channel: Channel = "iopub"): void {
    const { parent = this.#currentParent(), metadata = {}, buffers = [] } = options;
    if (parent?.content.silent === true && outputTypes.has(type)) return;
    const topic = encoder.encode(`kernel.${this.#session}.${type}`);
    this.transport.send(channel, {
      identities: channel === "iopub" ? [topic] : (parent?.identities ?? []),
      header: makeHeader(type, this.#session),
      parentHeader: parent?.header ?? {},
      metadata,
      content,
      buffers,
    });
  }
}

function replyType(requestType: string): string {
  return requestType.replace(/_request$/, "_reply");
}
