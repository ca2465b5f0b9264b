import { setTimeout as delay } from "node:timers/promises";

import { Router, XPublisher } from "zeromq";

import { InputError } from "../../errors.ts";
import { addressOf, channels, type Channel, type ConnectionInfo } from "./connectionInfo.ts";
import { decode, encode, makeHeader, type Message } from "./message.ts";

type Listener = (channel: Channel, message: Message) => void;

// A high-water mark of zero means no limit: past a limit ZeroMQ drops messages, and printed lines would be lost.
const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0 };

/** A question whose front end is not there yet is sent again after so many milliseconds, and given up after so many. */
const retryAfter = 20;
const patience = 10_000;

/** The sockets of a kernel. It reads, checks, signs and sends messages, and answers heartbeats. */
export class ZmqTransport {
  readonly #info: ConnectionInfo;
  readonly #session: string;
  readonly #sockets = {
    shell: new Router({ ...unlimited, handover: true }),
    control: new Router({ ...unlimited, handover: true }),
    // A front end connects its sockets one by one: a cell may ask before the one for questions is there, and is told so.
    stdin: new Router({ ...unlimited, handover: true, mandatory: true }),
    heartbeat: new Router(unlimited),
    iopub: new XPublisher({ ...unlimited, verbosity: "allSubs" }),
  };
  /** A socket takes one send at a time, so each has a chain of them. */
  readonly #sending = new Map<Channel, Promise<void>>();
  #listener: Listener = () => undefined;
  #closing = false;

  /** @param session the session named in messages that the transport sends by itself */
  constructor(info: ConnectionInfo, { session }: { session: string }) {
    this.#info = info;
    this.#session = session;
  }

  /** Opens the sockets. Throws InputError when a port is in use. */
  async bind(): Promise<void> {
    const bound = await Promise.allSettled(channels.map((channel) => this.#bind(channel)));
    // Thrown when none is under way any more: a thread that ends in the middle of one takes the process with it.
    for (const each of bound) if (each.status === "rejected") throw each.reason;
  }

  /** Calls `listener` with every message that is well-formed and properly signed, from now on. */
  onMessage(listener: Listener): void {
    this.#listener = listener;
    for (const channel of ["shell", "control", "stdin"] as const) void this.#receive(channel);
    void this.#echoHeartbeats();
    void this.#welcomeSubscribers();
  }

  /** Sends a message. Throws TypeError when its content cannot be written as JSON. */
  send(channel: Channel, message: Message): void {
    this.#sendFrames(channel, encode(message, this.#info.key));
  }

  /** Resolves after every message that had reached the sockets by now was handed to the listener. */
  sync(): Promise<void> {
    // One turn of the event loop lets every socket read what has arrived.
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Closes the sockets after what is still to be sent was handed to ZeroMQ, which delivers it before the thread ends. */
  async close(): Promise<void> {
    this.#closing = true;
    // Nobody answers a question any more: it need not arrive.
    this.#sending.delete("stdin");
    await Promise.all(this.#sending.values());
    for (const channel of channels) this.#sockets[channel].close();
  }

  async #bind(channel: Channel): Promise<void> {
    const address = addressOf(this.#info, channel);
    try {
      await this.#sockets[channel].bind(address);
    } catch (error) {
      throw new InputError({
        who: "convoscope kernel",
        expected: `the address ${address} to be free (${channel})`,
        found: String(error),
        fix: "start the kernel again with other ports",
      });
    }
  }

  async #receive(channel: "shell" | "control" | "stdin"): Promise<void> {
    for await (const frames of this.#sockets[channel]) {
      const message = decode(frames, this.#info.key);
      if (message !== undefined) this.#listener(channel, message);
    }
  }

  async #echoHeartbeats(): Promise<void> {
    for await (const frames of this.#sockets.heartbeat) this.#sendFrames("heartbeat", frames);
  }

  /** Tells each new subscriber that it is connected (JEP 65): what it sends from now on loses no output. */
  async #welcomeSubscribers(): Promise<void> {
    for await (const [frame] of this.#sockets.iopub) {
      if (frame?.[0] !== 1) continue;
      const topic = frame.subarray(1);
      const content = { subscription: Buffer.from(topic).toString() };
      const header = makeHeader("iopub_welcome", this.#session);
      this.send("iopub", {
        identities: [topic],
        header,
        parentHeader: {},
        metadata: {},
        content,
        buffers: [],
      });
    }
  }

  #sendFrames(channel: Channel, frames: Uint8Array[]): void {
    const before = this.#sending.get(channel) ?? Promise.resolve();
    this.#sending.set(
      channel,
      before.then(() => this.#deliver(channel, frames)),
    );
  }

  /** Never rejects: a peer that has gone away must not break the chain. */
  async #deliver(channel: Channel, frames: Uint8Array[]): Promise<void> {
    const start = performance.now();
    for (;;) {
      try {
        return await this.#sockets[channel].send(frames);
      } catch (error) {
        const isMissing = (error as NodeJS.ErrnoException).code === "EHOSTUNREACH";
        if (!isMissing || this.#closing || performance.now() - start > patience) return;
        await delay(retryAfter);
      }
    }
  }
}
