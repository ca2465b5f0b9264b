import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Bridge, Channel, Content, Heard, Message } from "./bridge.ts";

/** How long an answer may take. The same for all kernels, and long enough for a busy machine. */
export const patience = 10_000;

export interface SendOptions {
  channel?: Channel;
  header?: Content;
  parent?: Content;
  metadata?: Content;
  /** In base64. */
  buffers?: string[];
  /** Signs with another key; empty: not at all. */
  key?: string;
}

export interface ExecuteOptions extends SendOptions {
  silent?: boolean;
  store_history?: boolean;
  user_expressions?: Record<string, string>;
  allow_stdin?: boolean;
  stop_on_error?: boolean;
  /** How long it may take, in milliseconds. Default: {@link patience}. */
  within?: number;
}

const defaults = {
  silent: false,
  store_history: true,
  user_expressions: {},
  allow_stdin: false,
  stop_on_error: true,
};

export interface ClientOptions {
  /** Told of every message that it hears. Default: nobody. */
  onMessage?: (message: Message, channel: Channel) => void;
  /** Milliseconds for output that comes too late, after idle: that is a case of its own and not to decide the others. Default 0. */
  grace?: number;
}

/** One front end of a kernel. It keeps all that it hears. */
export class Client {
  readonly heard: Heard[] = [];
  readonly #bridge: Bridge;
  readonly number: number;
  readonly #listeners = new Set<() => void>();
  readonly #grace: number;
  readonly #hear: (heard: Heard) => void;

  constructor(bridge: Bridge, number: number, { onMessage, grace = 0 }: ClientOptions = {}) {
    this.#bridge = bridge;
    this.number = number;
    this.#grace = grace;
    this.#hear = (heard) => {
      if (heard.client !== number) return;
      this.heard.push(heard);
      if (heard.message) onMessage?.(heard.message, heard.channel);
      for (const listener of this.#listeners) listener();
    };
    bridge.on("heard", this.#hear);
  }

  async close(): Promise<void> {
    this.#bridge.off("heard", this.#hear);
    await this.#bridge.ask("disconnect", { client: this.number });
  }

  /** Sends a message; what was sent gathers what is heard for it. */
  async send(type: string, content: Content = {}, options: SendOptions = {}): Promise<Sent> {
    const { channel = "shell", ...rest } = options;
    const { id, time } = await this.#bridge.ask<{ id: string; time: number }>("send", {
      client: this.number,
      channel,
      type,
      content,
      ...rest,
    });
    return new Sent(this, id, time, channel);
  }

  /** Sends frames as they are. */
  async sendFrames(frames: (string | Uint8Array)[], channel: Channel = "shell"): Promise<void> {
    const encoded = frames.map((frame) => Buffer.from(frame).toString("base64"));
    await this.#bridge.ask("sendFrames", { client: this.number, channel, frames: encoded });
  }

  /** Sends a request and waits for its reply. */
  async request(type: string, content: Content = {}, options: SendOptions = {}): Promise<Content> {
    const sent = await this.send(`${type}_request`, content, options);
    return (await sent.reply()).content;
  }

  /** Sends a cell. */
  async begin(code: string, options: Omit<ExecuteOptions, "within"> = {}): Promise<Sent> {
    const { channel, header, parent, metadata, buffers, key, ...content } = options;
    const sending = { channel, header, parent, metadata, buffers, key };
    const given = Object.fromEntries(Object.entries(sending).filter(([, value]) => value !== undefined));
    return this.send("execute_request", { code, ...defaults, ...content }, given);
  }

  /** Runs a cell: waits for its reply and until it is idle. */
  async execute(code: string, { within, ...options }: ExecuteOptions = {}): Promise<Sent> {
    const sent = await this.begin(code, options);
    await sent.done(within);
    if (this.#grace > 0) await delay(this.#grace);
    return sent;
  }

  /** Runs a cell that must succeed. */
  async run(code: string, options: ExecuteOptions = {}): Promise<Sent> {
    const sent = await this.execute(code, options);
    assert.equal(sent.content.status, "ok", `the cell failed: ${JSON.stringify(sent.content).slice(0, 500)}`);
    return sent;
  }

  /** Answers a question of the kernel. */
  async answer(question: Message, value: string): Promise<void> {
    await this.send("input_reply", { value }, { channel: "stdin", parent: question.header });
  }

  /** The first thing heard that fits, from `since` on; waits for it. */
  async wait<Result>(
    what: string,
    find: () => Result | undefined,
    within: number = patience,
  ): Promise<Result> {
    const found = find();
    if (found !== undefined) return found;
    return new Promise<Result>((done, fail) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        fail(new Error(`waited ${within / 1000} s for ${what}`));
      }, within);
      const look = (): void => {
        const result = find();
        if (result === undefined) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        done(result);
      };
      this.#listeners.add(look);
    });
  }
}

/** A message that was sent, and what was heard for it. */
export class Sent {
  readonly client: Client;
  readonly id: string;
  /** When it was sent, in seconds of the bridge's clock. */
  readonly time: number;
  readonly channel: Channel;
  #reply: Heard | undefined;
  #seen = 0;
  readonly #heard: Heard[] = [];

  constructor(client: Client, id: string, time: number, channel: Channel) {
    this.client = client;
    this.id = id;
    this.time = time;
    this.channel = channel;
  }

  /** Everything heard for it so far, in order of arrival. */
  get heard(): Heard[] {
    const all = this.client.heard;
    for (; this.#seen < all.length; this.#seen++) {
      const heard = all[this.#seen]!;
      if (heard.message?.parent.msg_id === this.id) this.#heard.push(heard);
    }
    return this.#heard;
  }

  /** What was published for it, in order. */
  get published(): Message[] {
    return this.heard.flatMap(({ channel, message }) => (channel === "iopub" && message ? [message] : []));
  }

  /** The types of what was published, a status by its state. */
  get trace(): string[] {
    return this.published.map(({ header, content }) =>
      header.msg_type === "status" ? String(content.execution_state) : header.msg_type,
    );
  }

  /** The content of the reply, which must be there. */
  get content(): Content {
    assert.ok(this.#reply, "no reply yet");
    return this.#reply.message!.content;
  }

  /** Waits for the reply. */
  async reply(within?: number): Promise<Message> {
    this.#reply = await this.client.wait("a reply", () => this.heardOn(this.channel), within);
    return this.#reply.message!;
  }

  heardOn(channel: Channel): Heard | undefined {
    return this.heard.find((heard) => heard.channel === channel);
  }

  get idle(): Heard | undefined {
    return this.heard.find(({ message }) => message!.content.execution_state === "idle");
  }

  /** Waits for the reply and for idle. */
  async done(within?: number): Promise<void> {
    await this.reply(within);
    await this.client.wait("idle", () => this.idle, within);
  }

  /** Waits until the kernel has begun with it. */
  async begins(): Promise<void> {
    await this.client.wait("busy", () => (this.trace.includes("busy") ? true : undefined));
  }

  /** Waits until a message of a type is published for it, and another, up to `count`. */
  async publishes(type: string, count = 1): Promise<Message> {
    return this.client.wait(type, () => this.of(type)[count - 1]);
  }

  /** Waits until it has printed what fits. */
  async prints(pattern: RegExp, within?: number): Promise<void> {
    await this.client.wait(`output ${pattern}`, () => (pattern.test(this.text) ? true : undefined), within);
  }

  of(type: string): Message[] {
    return this.published.filter(({ header }) => header.msg_type === type);
  }

  /** What went to a stream, or to both. */
  stream(name?: "stdout" | "stderr"): string {
    return this.of("stream")
      .filter(({ content }) => name === undefined || content.name === name)
      .map(({ content }) => content.text)
      .join("");
  }

  get stdout(): string {
    return this.stream("stdout");
  }

  get text(): string {
    return this.stream();
  }

  /** The data of the result; of the first display, where the kernel has displays only. */
  get data(): Record<string, unknown> | undefined {
    const message = this.of("execute_result")[0] ?? this.of("display_data")[0];
    return message?.content.data as Record<string, unknown> | undefined;
  }

  /** The value as text: the result, or what was printed where the kernel prints its results. */
  get value(): string {
    const result = this.of("execute_result")[0]?.content.data as Record<string, string> | undefined;
    return stripColors(result?.["text/plain"] ?? this.stdout).trim();
  }

  /** Everything a user sees of an error: its name, message and traceback, and what was written to stderr. */
  get complaint(): string {
    const [error] = this.of("error");
    const { ename = "", evalue = "", traceback = [] } = (error?.content ?? {}) as Partial<CellError>;
    return stripColors([ename, evalue, ...traceback, this.stream("stderr")].join("\n")).trim();
  }
}

interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

export function stripColors(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
