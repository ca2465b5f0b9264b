import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";

import { InputError } from "../../errors.ts";
import { addressOf, type Channel, type ConnectionInfo } from "./connectionInfo.ts";
import { serialize, type Message } from "./message.ts";
import type { Order, Report, ThreadData, Urgent } from "./threadProtocol.ts";

export interface ZmqTransportOptions {
  /** The session named in messages that the socket thread sends by itself. */
  session: string;
  /** What the socket thread does by itself with control messages. Default: nothing. */
  urgent?: Urgent;
}

/** The sockets of a kernel, on a thread of their own, seen from the main thread. */
export class ZmqTransport {
  readonly #info: ConnectionInfo;
  readonly #worker: Worker;
  readonly #syncs = new Map<number, () => void>();
  #lastSync = 0;
  #listener: (channel: Channel, message: Message) => void = () => undefined;
  readonly #ready: Promise<void>;
  readonly #lost: Promise<never>;
  #closing = false;

  constructor(info: ConnectionInfo, { session, urgent }: ZmqTransportOptions) {
    this.#info = info;
    const workerData: ThreadData = { info, session, ...(urgent && { urgent }) };
    this.#worker = new Worker(new URL(`./socketThread${extname(import.meta.url)}`, import.meta.url), {
      workerData,
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.on("error", reject);
      this.#worker.on("message", (report: Report) => {
        if (report.is === "ready") resolve();
        else if (report.is === "failed") reject(this.#failure(report.channel, report.reason));
        else if (report.is === "message") this.#listener(report.channel, report.message);
        else this.#synced(report.id);
      });
    });
    this.#lost = new Promise((_, reject) => {
      this.#worker.on("error", reject);
      this.#worker.on("exit", (code) => {
        if (!this.#closing) reject(new Error(`the thread of the sockets ended with code ${code}`));
      });
    });
    // Who does not ask for these must not be ended by them.
    this.#ready.catch(() => undefined);
    this.#lost.catch(() => undefined);
  }

  /** Resolves when the sockets are bound; rejects with InputError when a port is in use. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Never resolves; rejects when the sockets are lost for a reason other than {@link close}. */
  lost(): Promise<never> {
    return this.#lost;
  }

  /** Calls `listener` with every message that is well-formed and properly signed. */
  onMessage(listener: (channel: Channel, message: Message) => void): void {
    this.#listener = listener;
  }

  send(channel: Channel, message: Message): void {
    this.#order({ do: "send", channel, message: serialize(message) });
  }

  /** Resolves after every message that had reached the sockets by now was handed to the listener. */
  sync(): Promise<void> {
    const id = ++this.#lastSync;
    return new Promise((resolve) => {
      this.#syncs.set(id, resolve);
      this.#order({ do: "sync", id });
    });
  }

  /** Sends what is still to be sent, closes the sockets and ends the thread. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#order({ do: "close" });
    await once(this.#worker, "exit");
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #synced(id: number): void {
    this.#syncs.get(id)?.();
    this.#syncs.delete(id);
  }

  #failure(channel: Channel, reason: string): InputError {
    return new InputError({
      who: "convoscope kernel",
      expected: `the address ${addressOf(this.#info, channel)} to be free (${channel})`,
      found: reason,
      fix: "start the kernel again with other ports",
    });
  }
}
