import { randomUUID } from "node:crypto";

import type { CommMessage } from "../../jupyter/commMessage.ts";
import type { MimeBundle } from "../../jupyter/mimeBundle.ts";
import { Comms } from "./comms.ts";
import { failureOf } from "./failure.ts";
import { handlers, type Handler } from "./handlers.ts";
import { MemoryHistory, type History } from "./history/history.ts";
import type { Frontend, Interpreter, Origin } from "./interpreter.ts";
import { Lane } from "./lane.ts";
import { Origins, parentOf, type Parent } from "./origins.ts";
import { Publisher, type SendOptions } from "./publisher.ts";
import { Stdin } from "./stdin.ts";
import { Subshells, UnknownSubshellError } from "./subshells.ts";
import type { Channel, Header, JsonObject, Message, Transport } from "./transport.ts";
import { usageMeter } from "./usage.ts";

export interface KernelOptions {
  transport: Transport;
  interpreter: Interpreter;
  /** What `kernel_info` says of the implementation. */
  implementation: { name: string; version: string };
  /** The session named in every message. Default: a new UUID. */
  session?: string;
  /** Where complaints about messages go. Default: dropped. */
  log?: (line: string) => void;
  /** Where the cells that were run are kept. Default: in memory. */
  history?: History;
  /** The ports that `connect_request` is told. Default: none. */
  ports?: Partial<Record<Channel, number>>;
}

/** A message that something is done for. */
export interface Request extends Message {
  channel: Channel;
  /** The queue that it came into. */
  lane: Lane;
  /** What its replies and output need of it. */
  parent: Parent;
}

/** How long a shutdown waits for what is being handled, in milliseconds. */
const patience = 100;

/**
 * A kernel without a language and without sockets: both are given to it. Every message is handled in the same way: busy,
 * its handler from the table, the reply, idle; with the message as the parent of whatever is published for it, now or later.
 */
export class Kernel implements Frontend {
  readonly interpreter: Interpreter;
  readonly implementation: KernelOptions["implementation"];
  readonly transport: Transport;
  readonly history: History;
  readonly ports: Partial<Record<Channel, number>>;
  readonly subshells = new Subshells();
  readonly origins = new Origins();
  readonly comms = new Comms();
  readonly usage = usageMeter();
  readonly log: (line: string) => void;
  /** The number of the latest cell. */
  executionCount = 0;

  readonly #publisher: Publisher;
  readonly #control = new Lane();
  readonly #stdin = new Stdin((content, parent) => this.send("stdin", "input_request", content, { parent }));
  #handling = 0;
  #stop: () => void = () => undefined;
  #stopping = false;
  #timer: NodeJS.Timeout | undefined;

  constructor({
    transport,
    interpreter,
    implementation,
    session = randomUUID(),
    log = () => undefined,
    history = new MemoryHistory(),
    ports = {},
  }: KernelOptions) {
    this.transport = transport;
    this.interpreter = interpreter;
    this.implementation = implementation;
    this.history = history;
    this.ports = ports;
    this.log = log;
    this.#publisher = new Publisher({ transport, session, log });
  }

  /** Serves until a shutdown was asked for and answered. */
  async run(): Promise<void> {
    const stopped = new Promise<void>((resolve) => (this.#stop = resolve));
    this.transport.onMessage((channel, message) => this.#accept(channel, message));
    this.send("iopub", "status", { execution_state: "starting" });
    await stopped;
    clearTimeout(this.#timer);
    this.#publisher.flush();
    await Promise.all([this.history.close(), this.transport.close()]);
  }

  /** Sends a message on a channel and returns its header. What was printed before goes out before it. */
  send(channel: Channel, type: string, content: JsonObject, options: SendOptions = {}): Header {
    return this.#publisher.send(channel, type, content, options);
  }

  stream(origin: Origin | undefined, name: "stdout" | "stderr", text: string): void {
    this.#publisher.stream(this.origins.find(origin), name, text);
  }

  display(
    origin: Origin | undefined,
    bundle: MimeBundle,
    { displayId, update = false }: { displayId?: string; update?: boolean } = {},
  ): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    // Only what has a name can be found again.
    const type = update && displayId !== undefined ? "update_display_data" : "display_data";
    const { data, metadata } = bundle;
    this.send("iopub", type, { data, metadata, transient }, { parent: this.origins.find(origin) });
  }

  clearOutput(origin: Origin | undefined, { wait = false }: { wait?: boolean } = {}): void {
    this.send("iopub", "clear_output", { wait }, { parent: this.origins.find(origin) });
  }

  comm(origin: Origin | undefined, message: CommMessage): void {
    const { type, id, target, data, metadata, buffers } = message;
    this.comms.note(message);
    const content = { comm_id: id, ...(type === "comm_open" && { target_name: target ?? "" }), data };
    this.send("iopub", type, content, { parent: this.origins.find(origin), metadata, buffers });
  }

  input(
    origin: Origin | undefined,
    prompt: string,
    { password = false }: { password?: boolean } = {},
  ): Promise<string> {
    return this.#stdin.ask(this.origins.find(origin), prompt, password);
  }

  /** Stops what runs in every lane, and every question that waits for an answer. */
  interrupt(): void {
    this.interpreter.interrupt();
    this.#stdin.interrupt();
  }

  /** Answers what is being handled, if it ends soon, then ends the kernel. */
  shutDown(): void {
    this.#stopping = true;
    this.#timer ??= setTimeout(() => this.#stop(), patience);
  }

  /** Logs an error that is the kernel's own or an interpreter's. */
  logError(what: string, error: unknown): void {
    this.log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  #accept(channel: Channel, message: Message): void {
    const { msg_type: type, subshell_id: subshell } = message.header;
    if (channel === "stdin" && type === "input_reply") return this.#stdin.take(message);
    const handler = channel === "stdin" ? undefined : handlers.get(type);
    const lane = channel === "control" ? this.#control : this.subshells.lane(subshell);
    const known = lane !== undefined;
    const request = { ...message, channel, lane: lane ?? this.subshells.main, parent: parentOf(message) };
    if (!handler) this.log(`message of unknown type ${JSON.stringify(type)} on ${channel}`);
    if (!known) void this.#handle(request, refuseSubshell);
    else if (!handler || handler.aside?.(this, request)) void this.#handle(request, handler);
    else {
      const comm = message.content.comm_id;
      lane.add(
        (aborted) => this.#handle(request, handler, aborted),
        typeof comm === "string" ? comm : undefined,
      );
    }
  }

  /** Everything that all messages have in common. Nothing that a handler throws gets past it. */
  async #handle(request: Request, handler: Handler | undefined, aborted = false): Promise<void> {
    if (this.#stopping) return;
    const { channel, parent, header } = request;
    const started = new Date().toISOString();
    this.#handling++;
    this.send("iopub", "status", { execution_state: "busy" }, { parent });
    const reply = await this.#answer(request, handler, aborted);
    parent.ended = true;
    this.#stdin.end(parent);
    if (reply) {
      const metadata = { started, status: reply.status };
      this.send(channel, header.msg_type.replace(/_request$/, "_reply"), reply, { parent, metadata });
    }
    this.send("iopub", "status", { execution_state: "idle" }, { parent });
    this.#handling--;
    // Front ends show the latest state they hear of, whatever request it was for.
    if (this.#handling > 0) this.send("iopub", "status", { execution_state: "busy" });
    if (this.#stopping && (this.#handling === 0 || header.msg_type === "shutdown_request")) this.#stop();
  }

  async #answer(
    request: Request,
    handler: Handler | undefined,
    aborted: boolean,
  ): Promise<JsonObject | undefined> {
    try {
      return await (aborted && handler?.aborted ? handler.aborted() : handler?.handle(this, request));
    } catch (error) {
      const { msg_type: type } = request.header;
      this.logError(`${type} failed`, error);
      return type.endsWith("_request") ? { ...failureOf(error) } : undefined;
    }
  }
}

/** What is done with a message for a subshell that is not there. */
const refuseSubshell: Handler = {
  handle: (_kernel, { header }) => {
    throw new UnknownSubshellError(header.subshell_id);
  },
};
