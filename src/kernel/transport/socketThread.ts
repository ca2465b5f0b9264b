import { parentPort, workerData } from "node:worker_threads";
import { Router, XPublisher } from "zeromq";

import { addressOf, channels, type Channel } from "./connectionInfo.ts";
import { decode, encode, makeHeader, sign } from "./message.ts";
import type { Order, Report, ThreadData } from "./threadProtocol.ts";
import { watchParent } from "./watchParent.ts";

/**
 * The thread that owns the sockets. It reads, checks, signs and sends, and answers heartbeats, so that a cell which computes
 * for a minute delays none of these.
 */
const { info, session, urgent } = workerData as ThreadData;
const port = parentPort!;
const report = (message: Report): void => port.postMessage(message);

// A high-water mark of zero means no limit: past a limit ZeroMQ drops messages, and printed lines would be lost.
const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0 };
const sockets = {
  shell: new Router({ ...unlimited, handover: true }),
  control: new Router({ ...unlimited, handover: true }),
  stdin: new Router({ ...unlimited, handover: true }),
  heartbeat: new Router(unlimited),
  iopub: new XPublisher({ ...unlimited, verbosity: "allSubs" }),
};

interface UrgentModule {
  createUrgent(data: unknown): (messageType: string) => void;
}
const actAtOnce =
  urgent && import(urgent.module).then((module) => (module as UrgentModule).createUrgent(urgent.data));

// A socket takes one send at a time, so each has a chain of them. A peer that has gone away must not break the chain.
const sending = new Map<Channel, Promise<void>>();
function send(channel: Channel, frames: Uint8Array[]): void {
  const before = sending.get(channel) ?? Promise.resolve();
  sending.set(
    channel,
    before.then(() => sockets[channel].send(frames)).catch(() => undefined),
  );
}

async function receive(channel: "shell" | "control" | "stdin"): Promise<void> {
  for await (const frames of sockets[channel]) {
    const message = decode(frames, info.key);
    if (message === undefined) continue;
    report({ is: "message", channel, message });
    if (channel === "control") (await actAtOnce)?.(message.header.msg_type);
  }
}

async function echoHeartbeats(): Promise<void> {
  for await (const frames of sockets.heartbeat) send("heartbeat", frames);
}

/** Tells each new subscriber that it is connected (JEP 65): what it sends from now on loses no output. */
async function welcomeSubscribers(): Promise<void> {
  for await (const [frame] of sockets.iopub) {
    if (frame?.[0] !== 1) continue;
    const topic = frame.subarray(1);
    const content = { subscription: Buffer.from(topic).toString() };
    const header = makeHeader("iopub_welcome", session);
    const welcome = { identities: [topic], header, parentHeader: {}, metadata: {}, content, buffers: [] };
    send("iopub", encode(welcome, info.key));
  }
}

async function bindAll(): Promise<boolean> {
  for (const channel of channels) {
    try {
      await sockets[channel].bind(addressOf(info, channel));
    } catch (error) {
      report({ is: "failed", channel, reason: String(error) });
      return false;
    }
  }
  return true;
}

// Nothing is closed before all of it is handed to ZeroMQ, which delivers it before the thread ends.
async function close(): Promise<void> {
  await Promise.all(sending.values());
  for (const channel of channels) sockets[channel].close();
  port.close();
}

port.on("message", (order: Order) => {
  if (order.do === "send") send(order.channel, sign(order.message, info.key));
  // After the sockets had their turn: what has arrived by now is handed on first.
  else if (order.do === "sync") setImmediate(() => report({ is: "synced", id: order.id }));
  else void close();
});

void bindAll().then((bound) => {
  if (!bound) return close();
  watchParent();
  report({ is: "ready" });
  void receive("shell");
  void receive("control");
  void receive("stdin");
  void echoHeartbeats();
  void welcomeSubscribers();
});
