import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Dealer, Subscriber } from "zeromq";
import { addressOf, writeConnectionInfo, type ConnectionInfo } from "../kernel/transport/connectionInfo.ts";
import { decode, encode, makeHeader, type JsonObject, type Message } from "../kernel/transport/message.ts";
import { freeConnection } from "./freeConnection.ts";
import { KernelDied, KernelProcess, type KernelCommand } from "./kernelProcess.ts";

const attempts = 3;
const portTaken = /EADDRINUSE|address (already )?in use|port .*in use/i;

export interface StartOptions {
  /** The directory that the kernel works in. Default: that of this process. */
  cwd?: string;
  /** How long the kernel may take to answer its first message, in seconds. Default: 60. */
  startTimeout?: number;
}

/** One request that is under way: whom its messages go to. */
interface Exchange {
  onPublished(message: Message): void;
  onReply(message: Message): void;
}

/**
 * A kernel process and the sockets to talk to it, as a front end has them. {@link KernelClient.start} starts one,
 * {@link KernelClient.close} ends it.
 *
 * ```ts
 * const client = await KernelClient.start({ argv: ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"] });
 * await client.execute("print(6 * 7)", { onPublished: (message) => console.log(message.content) });
 * await client.close();
 * ```
 */
export class KernelClient {
  readonly #session = randomUUID();
  readonly #shell = new Dealer({ linger: 0, reconnectInterval: 20 });
  readonly #control = new Dealer({ linger: 0, reconnectInterval: 20 });
  // No limit: a message that is dropped here would be an output missing from the notebook.
  readonly #iopub = new Subscriber({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0 });
  readonly #exchanges = new Map<string, Exchange>();
  readonly #process: KernelProcess;
  readonly #key: string;
  readonly #directory: string;
  #heard: () => void = () => undefined;
  #info: JsonObject = {};

  private constructor(kernel: KernelProcess, info: ConnectionInfo, directory: string) {
    this.#process = kernel;
    this.#key = info.key;
    this.#directory = directory;
    this.#iopub.connect(addressOf(info, "iopub"));
    this.#iopub.subscribe();
    this.#shell.connect(addressOf(info, "shell"));
    this.#control.connect(addressOf(info, "control"));
    void this.#listen(this.#iopub, (message) => this.#published(message));
    for (const socket of [this.#shell, this.#control]) {
      void this.#listen(socket, (message) => this.#exchangeOf(message)?.onReply(message));
    }
  }

  /**
   * Starts a kernel and waits until it answers and its publications arrive. If another program took one of the ports
   * meanwhile, it is tried again with others.
   *
   * @throws KernelDied when the process ends instead of answering, or does not answer in time
   */
  static async start(
    command: KernelCommand,
    { cwd = process.cwd(), startTimeout = 60 }: StartOptions = {},
  ): Promise<KernelClient> {
    for (let attempt = 1; ; attempt++) {
      const client = await KernelClient.#launch(command, cwd);
      try {
        await client.#greet(startTimeout);
        return client;
      } catch (error) {
        await client.close({ graceMs: 0 });
        if (attempt === attempts || !(error instanceof KernelDied && portTaken.test(error.message)))
          throw error;
      }
    }
  }

  static async #launch(command: KernelCommand, cwd: string): Promise<KernelClient> {
    const info = await freeConnection();
    const directory = await mkdtemp(join(tmpdir(), "convoscope-"));
    const connectionFile = join(directory, "kernel.json");
    // Whoever can read the key can run code in the kernel.
    await writeFile(connectionFile, writeConnectionInfo(info), { mode: 0o600 });
    return new KernelClient(new KernelProcess(command, { connectionFile, cwd }), info, directory);
  }

  /** The content of the kernel's kernel_info_reply. */
  get info(): JsonObject {
    return this.#info;
  }

  /** Rejects with KernelDied when the kernel ends by itself; else stays pending. */
  get died(): Promise<never> {
    return this.#process.died;
  }

  /**
   * Runs code and resolves to the reply, after the last output has arrived. What it publishes even later
   * (a timer that prints) still goes to `onPublished`.
   *
   * @throws KernelDied when the kernel ends by itself
   */
  async execute(
    code: string,
    { onPublished, cellId }: { onPublished: (message: Message) => void; cellId?: string },
  ): Promise<Message> {
    const content = {
      ...{ code, silent: false, store_history: true, user_expressions: {} },
      ...{ allow_stdin: false, stop_on_error: true },
    };
    const request = this.#message("execute_request", content, cellId === undefined ? {} : { cellId });
    const finished = new Promise<Message>((resolve) => {
      let reply: Message | undefined;
      let idle = false;
      const resolveWhenBoth = (): void => {
        if (reply !== undefined && idle) resolve(reply);
      };
      this.#exchanges.set(request.header.msg_id, {
        onReply: (message) => {
          reply = message;
          resolveWhenBoth();
        },
        onPublished: (message) => {
          onPublished(message);
          idle ||= message.header.msg_type === "status" && message.content.execution_state === "idle";
          resolveWhenBoth();
        },
      });
    });
    await this.#send(this.#shell, request);
    return Promise.race([finished, this.#diedAndDrained()]);
  }

  /** Asks the kernel to stop what it is doing; resolves when it has answered, or after two seconds. */
  async interrupt(): Promise<void> {
    await this.#ask(this.#control, "interrupt_request", {}, 2000);
  }

  /** Asks the kernel to leave and ends it if it does not within `graceMs`; closes the sockets. May be called twice. */
  async close({ graceMs = 5000 }: { graceMs?: number } = {}): Promise<void> {
    if (this.#iopub.closed) return;
    if (graceMs > 0)
      await this.#send(this.#control, this.#message("shutdown_request", { restart: false })).catch(
        () => undefined,
      );
    await this.#process.end({ graceMs });
    for (const socket of [this.#iopub, this.#shell, this.#control]) socket.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Until the kernel has answered and something was heard from it on IOPub, nothing that it publishes is sure to arrive. */
  async #greet(seconds: number): Promise<void> {
    const heard = new Promise<void>((resolve) => (this.#heard = resolve));
    const limit = AbortSignal.timeout(seconds * 1000);
    const greet = async (): Promise<void> => {
      // A kernel without `iopub_welcome` is heard by the status of a later request than the first.
      while (!limit.aborted) {
        const info = await this.#ask(this.#shell, "kernel_info_request", {}, seconds * 1000);
        if (info === undefined) break;
        this.#info = info.content;
        if (await Promise.race([heard.then(() => true), delay(200, false)])) return;
      }
      throw new KernelDied(this.#process.describe(`did not answer within ${seconds} s`));
    };
    await Promise.race([greet(), this.died]);
  }

  /** Sends a request and gives its reply, or undefined after `timeoutMs`. */
  async #ask(
    socket: Dealer,
    type: string,
    content: JsonObject,
    timeoutMs: number,
  ): Promise<Message | undefined> {
    const request = this.#message(type, content);
    const id = request.header.msg_id;
    const reply = new Promise<Message>((onReply) => {
      this.#exchanges.set(id, { onReply, onPublished: () => undefined });
    });
    await this.#send(socket, request);
    const timer = new AbortController();
    try {
      const timeout = delay(timeoutMs, undefined, { signal: timer.signal, ref: false }).catch(
        () => undefined,
      );
      return await Promise.race([reply, timeout]);
    } finally {
      timer.abort();
      this.#exchanges.delete(id);
    }
  }

  #message(type: string, content: JsonObject, metadata: JsonObject = {}): Message {
    const header = makeHeader(type, this.#session, { username: "convoscope" });
    return { identities: [], header, parentHeader: {}, metadata, content, buffers: [] };
  }

  async #send(socket: Dealer, message: Message): Promise<void> {
    await socket.send(encode(message, this.#key));
  }

  async #listen(socket: Dealer | Subscriber, receive: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      const message = decode(frames, this.#key);
      if (message !== undefined) receive(message);
    }
  }

  #published(message: Message): void {
    this.#heard();
    this.#exchangeOf(message)?.onPublished(message);
  }

  #exchangeOf(message: Message): Exchange | undefined {
    return this.#exchanges.get(message.parentHeader.msg_id ?? "");
  }

  /** What the kernel published before it died may still be on its way. */
  async #diedAndDrained(): Promise<never> {
    try {
      return await this.died;
    } catch (error) {
      await delay(100);
      throw error;
    }
  }
}
