import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Dealer, Subscriber, type Socket, type Writable, type XSubscriber } from "zeromq";

import {
  addressOf,
  writeConnectionInfo,
  type Channel,
  type ConnectionInfo,
} from "../../src/kernel/transport/connectionInfo.ts";
import {
  decode,
  encode,
  makeHeader,
  type Header,
  type JsonObject,
  type Message,
} from "../../src/kernel/transport/message.ts";
import { freeConnection } from "../../src/notebook/freeConnection.ts";
import { root } from "../support/paths.ts";
import { Exchange } from "./exchange.ts";
import { assertValid } from "./schemas/assertValid.ts";

/** The process that a kernelspec starts. */
export const kernelProgram = join(root, "dist/kernel.cjs");

export interface RequestOptions {
  channel?: "shell" | "control";
  header?: Partial<Header>;
  buffers?: Uint8Array[];
}

/** A kernel in a process of its own, and a client of it that checks each message that it receives. */
export class LiveKernel {
  readonly info: ConnectionInfo;
  /** What the process has written to its standard error stream. */
  stderr = "";
  /** What was not as the protocol says. */
  readonly invalid: unknown[] = [];
  readonly #child: ChildProcess | undefined;
  readonly #sockets: Socket[] = [];
  readonly #exchanges = new Map<string, Exchange>();
  readonly #shell: (frames: Uint8Array[]) => Promise<void>;
  readonly #control: (frames: Uint8Array[]) => Promise<void>;
  #welcomed: () => void = () => undefined;

  private constructor(info: ConnectionInfo, child?: ChildProcess) {
    this.info = info;
    this.#child = child;
    child?.stderr?.on("data", (text: Buffer) => (this.stderr += text.toString()));
    child?.once("exit", () => setTimeout(() => this.#giveUp(), 1000));
    const iopub = this.track(
      new Subscriber({ linger: 0, receiveHighWaterMark: 0, reconnectInterval: 20 }),
      "iopub",
    );
    iopub.subscribe();
    void this.#listen(iopub, (message) => this.#published(message));
    const dealer = (channel: "shell" | "control"): ((frames: Uint8Array[]) => Promise<void>) => {
      const socket = this.dealer(channel);
      void this.#listen(socket, (message) => this.#exchangeOf(message)?.onReply(message));
      return sender(socket);
    };
    this.#shell = dealer("shell");
    this.#control = dealer("control");
  }

  /** Starts one and waits until it answers and what it publishes arrives. */
  static async start({
    env = {},
    cwd,
    key,
  }: { env?: NodeJS.ProcessEnv; cwd?: string; key?: string } = {}): Promise<LiveKernel> {
    const directory = await mkdtemp(join(tmpdir(), "kernel-"));
    try {
      const info = { ...(await freeConnection()), ...(key !== undefined && { key }) };
      const file = join(directory, "connection.json");
      await writeFile(file, writeConnectionInfo(info));
      const child = spawn(process.execPath, [kernelProgram, file], {
        ...(cwd !== undefined && { cwd }),
        // It ends with these tests, however they end.
        env: { ...process.env, CONVOSCOPE_HISTORY: "off", JPY_PARENT_PID: String(process.pid), ...env },
        stdio: ["ignore", "ignore", "pipe"],
        // Front ends start a kernel in a process group of its own, and signal all of it.
        detached: true,
      });
      const kernel = new LiveKernel(info, child);
      await kernel.#greet();
      return kernel;
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  /** Connects to one that somebody else has started and will end. */
  static async attach(info: ConnectionInfo): Promise<LiveKernel> {
    const kernel = new LiveKernel(info);
    await kernel.#greet();
    return kernel;
  }

  /** The process that was started. */
  get process(): ChildProcess {
    if (!this.#child) throw new Error("somebody else has started this kernel");
    return this.#child;
  }

  /** Whether that process is there still. */
  get alive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Resolves to the exit code, or the signal, when the process has ended. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    if (this.alive) await once(this.process, "exit");
    return this.process.exitCode ?? this.process.signalCode;
  }

  /** A socket of another client, which speaks any frames. Closed with the kernel. */
  dealer(channel: Channel): Dealer {
    return this.track(new Dealer({ linger: 0, sendHighWaterMark: 0, reconnectInterval: 20 }), channel);
  }

  /** Connects a socket, and closes it at the end. */
  track<Kind extends Dealer | Subscriber | XSubscriber>(socket: Kind, channel: Channel): Kind {
    socket.connect(addressOf(this.info, channel));
    this.#sockets.push(socket);
    return socket;
  }

  /** Sends a request and does not wait. */
  send(
    type: string,
    content: JsonObject = {},
    { channel = "shell", header = {}, buffers = [] }: RequestOptions = {},
  ): Exchange {
    const request: Message = {
      identities: [],
      header: { ...makeHeader(type, "test"), ...header },
      parentHeader: {},
      metadata: {},
      content,
      buffers,
    };
    const exchange = this.await(request);
    void (channel === "shell" ? this.#shell : this.#control)(encode(request, this.info.key));
    return exchange;
  }

  /** What comes because of a request that is sent by another socket; its reply goes to that one. */
  await(request: Message): Exchange {
    const exchange = new Exchange(request);
    this.#exchanges.set(request.header.msg_id, exchange);
    return exchange;
  }

  /** The content of the reply to a request. */
  async ask(type: string, content: JsonObject = {}, options: RequestOptions = {}): Promise<JsonObject> {
    const { done, request } = this.send(type, content, options);
    const { reply } = await done;
    this.forget(request);
    return reply!.content;
  }

  /** Runs a cell to its end. */
  execute(code: string, content: JsonObject = {}, options: RequestOptions = {}): Promise<Exchange> {
    return this.begin(code, content, options).done;
  }

  /** Starts a cell and does not wait for its end. */
  begin(code: string, content: JsonObject = {}, options: RequestOptions = {}): Exchange {
    return this.send("execute_request", { code, allow_stdin: false, ...content }, options);
  }

  /** The result of a cell as text. Throws what the cell throws. */
  async value(code: string, options: RequestOptions = {}): Promise<string | undefined> {
    const { reply, published, request } = await this.execute(code, {}, options);
    this.forget(request);
    if (reply?.content.status !== "ok") throw new Error(JSON.stringify(reply?.content));
    const result = published.find(({ header }) => header.msg_type === "execute_result");
    return (result?.content.data as Record<string, string> | undefined)?.["text/plain"];
  }

  /** Waits until something is so. Rejects when the kernel ends before that. */
  async until(isSo: () => boolean): Promise<void> {
    const wasAlive = this.#child && this.alive;
    while (!isSo()) {
      if (wasAlive && !this.alive) throw this.#death();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** What comes for this request from now on is dropped. */
  forget({ header }: Message): void {
    this.#exchanges.delete(header.msg_id);
  }

  /** Signals it as Jupyter does: the process and all that belongs to it. */
  signal(signal: NodeJS.Signals): void {
    process.kill(-this.process.pid!, signal);
  }

  /** Closes the sockets, and ends the kernel that was started with them; by force when it does not end by itself. */
  async close(): Promise<void> {
    if (this.#child && this.alive) {
      this.send("shutdown_request", { restart: false }, { channel: "control" });
      const timer = setTimeout(() => this.process.kill("SIGKILL"), 5000);
      await this.ended();
      clearTimeout(timer);
    }
    for (const socket of this.#sockets) socket.close();
  }

  /** Nothing more will come: what the process had sent has arrived by now. */
  #giveUp(): void {
    for (const exchange of this.#exchanges.values()) exchange.fail(this.#death());
  }

  #death(): Error {
    const { exitCode, signalCode } = this.process;
    return new Error(`the kernel has ended (${String(exitCode ?? signalCode)}): ${this.stderr}`);
  }

  async #greet(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#welcomed = resolve;
      this.#child?.once("exit", () => reject(new Error(`the kernel ended at its start: ${this.stderr}`)));
    });
    await this.ask("kernel_info_request");
  }

  async #listen(socket: Dealer | Subscriber, receive: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      const message = decode(frames, this.info.key);
      if (message === undefined) {
        this.invalid.push(new Error("a message that is none, or not properly signed"));
        continue;
      }
      try {
        assertValid(message);
      } catch (error) {
        this.invalid.push(error);
      }
      receive(message);
    }
  }

  #exchangeOf({ parentHeader }: Message): Exchange | undefined {
    return this.#exchanges.get(parentHeader.msg_id ?? "");
  }

  #published(message: Message): void {
    if (message.header.msg_type === "iopub_welcome") this.#welcomed();
    this.#exchangeOf(message)?.onPublished(message);
  }
}

/** Sends one message after the other, as a socket wants it. */
export function sender(socket: Writable): (frames: Uint8Array[]) => Promise<void> {
  let sent = Promise.resolve();
  return (frames) => (sent = sent.then(() => socket.send(frames)).catch(() => undefined));
}
