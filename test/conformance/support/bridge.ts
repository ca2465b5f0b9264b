import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A message as it came over the wire; buffers in base64. */
export interface Message {
  header: { msg_id: string; msg_type: string; session: string; date: string; version: string };
  parent: { msg_id?: string; subshell_id?: string | null } & Record<string, unknown>;
  metadata: Record<string, unknown>;
  content: Content;
  buffers: string[];
}

// What a content holds is what the cases find out.
export type Content = Record<string, unknown>;

export interface Heard {
  client: number;
  channel: Channel;
  /** Seconds of the bridge's clock. */
  time: number;
  /** The topic of a message on IOPub. */
  topic: string | null;
  message?: Message;
  /** Why jupyter_client could not read it. */
  unreadable?: string;
}

export type Channel = "shell" | "control" | "stdin" | "iopub";

/** jupyter_client in a process of its own (bridge.py): starts kernels, sends what it is told and hands on all that comes. */
export class Bridge extends EventEmitter<{ heard: [Heard] }> {
  readonly python: string;
  readonly process: ChildProcess;
  #asked = 0;
  readonly #waiting = new Map<number, { done: (ok: Content) => void; fail: (error: Error) => void }>();

  /** @param python the Python that has jupyter_client */
  constructor(python: string) {
    super();
    this.python = python;
    this.setMaxListeners(0);
    this.process = spawn(python, [join(import.meta.dirname, "bridge.py")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.process.stdout! }).on("line", (line) => {
      this.#read(JSON.parse(line) as Heard | Answer);
    });
    this.process.once("exit", () => {
      for (const { fail } of this.#waiting.values()) fail(new Error("the bridge has ended"));
    });
  }

  #read(line: Heard | Answer): void {
    if (!("id" in line)) {
      this.emit("heard", line);
      return;
    }
    const waiting = this.#waiting.get(line.id);
    this.#waiting.delete(line.id);
    if (line.failed === undefined) waiting?.done(line.ok ?? {});
    else waiting?.fail(new Error(line.failed));
  }

  /** Has the bridge do something; what, is listed in bridge.py. */
  ask<Result = unknown>(action: string, parameters: Content): Promise<Result> {
    const id = this.#asked++;
    this.process.stdin!.write(`${JSON.stringify({ id, do: action, ...parameters })}\n`);
    return new Promise<Content>((done, fail) => this.#waiting.set(id, { done, fail })) as Promise<Result>;
  }

  /** Ends the bridge and its kernels. */
  async close(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.stdin!.end();
    await ended;
  }
}

interface Answer {
  id: number;
  ok?: Content;
  failed?: string;
}
